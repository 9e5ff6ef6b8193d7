using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tsds.IntegrationTests;

/// <summary>The built command line as a real process, the way a user runs it.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;
    private readonly StringBuilder _errorText = new();
    private string? _awaited;
    private TaskCompletionSource _errorSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isErrorComplete;

    private CliProcess(Process process)
    {
        _process = process;
        _out = process.StandardOutput.ReadToEndAsync();
        _error = ReadErrorAsync();
    }

    public static Task<CliResult> RunAsync(string workingFolder, params string[] args) =>
        RunAsync(workingFolder, "", args);

    /// <summary>Runs with an instruction set switched off: the variable is set to 0, or none if it is empty.</summary>
    public static async Task<CliResult> RunAsync(string workingFolder, string switchedOff, string[] args)
    {
        using CliProcess process = Start(workingFolder, switchedOff, args);
        return await process.FinishAsync();
    }

    /// <summary>Runs with something on standard input.</summary>
    public static async Task<CliResult> RunWithInputAsync(string workingFolder, byte[] input, params string[] args)
    {
        using CliProcess process = Start(workingFolder, "", args, input);
        return await process.FinishAsync();
    }

    public static CliProcess Start(string workingFolder, params string[] args) => Start(workingFolder, "", args);

    /// <summary>Starts with variables of the environment.</summary>
    public static CliProcess Start(
        string workingFolder,
        IReadOnlyDictionary<string, string> variables,
        params string[] args
    ) => Start(workingFolder, "", args, null, variables);

    /// <summary>Starts in a network namespace.</summary>
    public static CliProcess StartIn(string space, string workingFolder, params string[] args) =>
        Start(workingFolder, "", args, null, null, ["ip", "netns", "exec", space]);

    private static CliProcess Start(
        string workingFolder,
        string switchedOff,
        string[] args,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? variables = null,
        string[]? wrapper = null
    )
    {
        string[] command = [.. wrapper ?? [], "dotnet"];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

        // The test project refers to the command line's project, so that its program and settings lie beside the tests.
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Tsds.Cli.dll"));
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        // Beside the test's own folder, so that no test finds what another one, or a user, has kept.
        start.Environment["XDG_CACHE_HOME"] = workingFolder + TestFolder.CacheSuffix;
        if (switchedOff.Length > 0)
        {
            start.Environment[switchedOff] = "0";
        }

        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        process.StandardInput.BaseStream.Write(input ?? []);
        process.StandardInput.Close();
        return new CliProcess(process);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Waits until standard error has a line that contains some text.</summary>
    public Task WaitForErrorLineAsync(string text)
    {
        lock (_errorText)
        {
            _awaited = text;
            _errorSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            NoticeAwaited();
            return _errorSeen.Task.WaitAsync(Timeout);
        }
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<CliResult> FinishAsync()
    {
        using CancellationTokenSource timeout = new(Timeout);
        await _process.WaitForExitAsync(timeout.Token);
        return new CliResult(_process.ExitCode, await _out, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errorText)
            {
                _errorText.Append(line).Append('\n');
                NoticeAwaited();
            }
        }

        // Nothing more will come: whoever waits finds out from the exit code.
        lock (_errorText)
        {
            _isErrorComplete = true;
            NoticeAwaited();
            return _errorText.ToString();
        }
    }

    private void NoticeAwaited()
    {
        if (
            _isErrorComplete
            || _awaited is { } awaited && _errorText.ToString().Contains(awaited, StringComparison.Ordinal)
        )
        {
            _errorSeen.TrySetResult();
        }
    }
}
