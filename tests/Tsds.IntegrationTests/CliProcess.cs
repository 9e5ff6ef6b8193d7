using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tsds.IntegrationTests;

/// <summary>
/// The command line as a real process, the way a user runs it: the program that <c>TSDS_TEST_PROGRAM</c> names, which
/// is the published one in <c>./test</c>, or the one that was built beside the tests.
/// </summary>
internal sealed partial class CliProcess : IDisposable
{
    // The test project refers to the command line's project, so that its program and settings lie beside the tests.
    private static readonly string[] Built = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Tsds.Cli.dll")];

    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _errorText = new();
    private string? _awaited;
    private TaskCompletionSource _errorSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isErrorComplete;

    private CliProcess(Process process)
    {
        _process = process;
        _out = ReadOutAsync();
        _error = ReadErrorAsync();
    }

    /// <summary>Gets the program, and what stands between it and the command's arguments.</summary>
    public static IReadOnlyList<string> Program { get; } =
        Environment.GetEnvironmentVariable("TSDS_TEST_PROGRAM") is { Length: > 0 } path ? [path] : Built;

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

    /// <summary>Runs, and fails the test unless the exit code is 0.</summary>
    public static async Task<CliResult> SucceedAsync(string workingFolder, params string[] args)
    {
        CliResult result = await RunAsync(workingFolder, args);
        Assert.True(result.ExitCode == 0, $"Exit code {result.ExitCode}: {result.Error}{result.Out}");
        return result;
    }

    /// <summary>Runs the program that was built beside the tests, as <c>./tsds</c> does.</summary>
    public static async Task<CliResult> RunBuiltAsync(string workingFolder, params string[] args)
    {
        using CliProcess process = Start(workingFolder, "", args, null, null, Built);
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
        StartBehind(["ip", "netns", "exec", space], workingFolder, args);

    /// <summary>Starts behind a command that starts another one.</summary>
    public static CliProcess StartBehind(string[] wrapper, string workingFolder, params string[] args) =>
        Start(workingFolder, "", args, null, null, [.. wrapper, .. Program]);

    private static CliProcess Start(
        string workingFolder,
        string switchedOff,
        string[] args,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? variables = null,
        IReadOnlyList<string>? program = null
    )
    {
        program ??= Program;
        ProcessStartInfo start = new(program[0], [.. program.Skip(1), .. args])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

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

    /// <summary>Waits until standard error contains some text, which must come before the process ends.</summary>
    public async Task WaitForErrorLineAsync(string text)
    {
        Task seen;
        lock (_errorText)
        {
            _awaited = text;
            _errorSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            NoticeAwaited();
            seen = _errorSeen.Task;
        }

        await seen.WaitAsync(SafetyNet.Limit);
        lock (_errorText)
        {
            string all = _errorText.ToString();
            Assert.True(
                all.Contains(text, StringComparison.Ordinal),
                $"Expected '{text}' on standard error, found that the process ended without it: {all}"
            );
        }
    }

    /// <summary>Waits for the first line on standard output.</summary>
    public Task<string> ReadFirstLineAsync() => _firstLine.Task.WaitAsync(SafetyNet.Limit);

    /// <summary>Asks the process to end, and waits until it has cleaned up.</summary>
    public void End()
    {
        if (!HasExited)
        {
            Signal("TERM");
            _process.WaitForExit(SafetyNet.Limit);
        }
    }

    /// <summary>Sends a signal at once, without another process that would have to start first.</summary>
    public void Signal(string name)
    {
        Assert.True(HasExited || Kill(_process.Id, NumberOf(name)) == 0, $"The process does not take {name}.");
    }

    /// <summary>Ends the process without a chance to do anything about it.</summary>
    public void Kill() => _process.Kill();

    public async Task<CliResult> FinishAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(SafetyNet.Limit);
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

    private async Task<string> ReadOutAsync()
    {
        StringBuilder text = new();
        char[] block = new char[4_096];
        for (int read; (read = await _process.StandardOutput.ReadAsync(block)) > 0; )
        {
            text.Append(block, 0, read);
            if (!_firstLine.Task.IsCompleted && text.ToString() is var all && all.Contains('\n'))
            {
                _firstLine.TrySetResult(all[..all.IndexOf('\n')]);
            }
        }

        _firstLine.TrySetResult(text.ToString());
        return text.ToString();
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

    /// <summary>Gets the number of a signal, which differs between systems for two of the four.</summary>
    private static int NumberOf(string signal) =>
        signal switch
        {
            "INT" => 2,
            "TERM" => 15,
            "STOP" => OperatingSystem.IsLinux() ? 19 : 17,
            "CONT" => OperatingSystem.IsLinux() ? 18 : 19,
            _ => throw new ArgumentException($"Expected INT, TERM, STOP or CONT, found {signal}."),
        };

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

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
