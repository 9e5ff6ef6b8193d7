using System.Diagnostics;
using System.Globalization;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>Debian's redis-server on a free port of the loopback address; what it is told survives a restart.</summary>
internal sealed class RedisServer : IDisposable
{
    private const int MostTries = 20;

    private readonly string _folder;
    private readonly string[] _more;
    private Process? _process;

    private RedisServer(string folder, string[] more)
    {
        _folder = folder;
        _more = more;
        for (int i = 1; _process is null; i++)
        {
            Port = FreePort.Find();
            _process = TryRun();
            Assert.True(_process is not null || i < MostTries, "redis-server did not start.");
        }
    }

    public int Port { get; private set; }

    /// <summary>Gets whether the program is installed; <c>./test</c> installs it.</summary>
    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public static RedisServer Start(string folder, params string[] more)
    {
        Assert.True(IsInstalled, "redis-server is not installed; ./test installs it.");
        Directory.CreateDirectory(folder);
        return new RedisServer(folder, more);
    }

    public void Stop()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Restart()
    {
        Stop();
        _process = TryRun();
        Assert.True(_process is not null, "redis-server did not start again.");
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
    }

    /// <summary>Runs until it can be asked; null where it ends before, because somebody else has the port.</summary>
    private Process? TryRun()
    {
        ProcessStartInfo start = new("redis-server") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] arguments =
        [
            "--port",
            Port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--dir",
            _folder,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            .. _more,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        TaskCompletionSource<bool> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) != false)
            {
                ready.TrySetResult(line.Data is not null);
            }
        };
        process.BeginOutputReadLine();
        bool isReady = ready.Task.Wait(SafetyNet.Limit) && ready.Task.Result;
        if (!isReady)
        {
            process.Kill();
            process.Dispose();
        }

        return isReady ? process : null;
    }
}
