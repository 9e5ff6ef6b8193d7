using System.Diagnostics;
using System.Globalization;
using Tsds.Tests.Shared;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>Debian's redis-server on a free port of the loopback address; what it is told survives a restart.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly string[] _more;
    private Process _process;

    private RedisServer(string folder, int port, string[] more)
    {
        _folder = folder;
        _more = more;
        Port = port;
        _process = Run();
    }

    public int Port { get; }

    /// <summary>Gets whether the program is installed; <c>./test</c> installs it.</summary>
    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public static RedisServer Start(string folder, params string[] more)
    {
        Assert.True(IsInstalled, "redis-server is not installed; ./test installs it.");
        Directory.CreateDirectory(folder);
        return new RedisServer(folder, FreePort.Find(), more);
    }

    public void Stop()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Restart()
    {
        Stop();
        _process = Run();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private Process Run()
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
        ManualResetEventSlim ready = new();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) != false)
            {
                ready.Set();
            }
        };
        process.BeginOutputReadLine();
        if (!ready.Wait(Patience) || process.HasExited)
        {
            process.Kill();
            throw new InvalidOperationException("redis-server did not start.");
        }

        return process;
    }
}
