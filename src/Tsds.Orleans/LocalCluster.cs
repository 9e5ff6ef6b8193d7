using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Tsds.Orleans.Hosting;

namespace Tsds.Orleans;

/// <summary>A cluster of worker processes on this machine, for trials; they end with this process.</summary>
public sealed class LocalCluster : IDisposable
{
    private readonly List<Process> _processes = [];

    private LocalCluster(ClusterOptions options, IReadOnlyList<IPEndPoint> gateways)
    {
        Options = options;
        Gateways = gateways;
    }

    /// <summary>Gets the options with which clients connect.</summary>
    public ClusterOptions Options { get; }

    /// <summary>Gets the endpoints on which the workers listen for clients.</summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; }

    /// <summary>Starts the workers; the first one holds the membership table.</summary>
    /// <param name="command">The program with its first arguments, to which <c>worker ...</c> is added.</param>
    /// <param name="count">How many.</param>
    /// <param name="folder">The vector store, which all of them hold.</param>
    /// <param name="threadCount">Threads, shared among them.</param>
    /// <param name="timeout">How long a silent worker is waited for.</param>
    /// <returns>The cluster; its workers may still be starting.</returns>
    /// <exception cref="IOException">A process cannot be started.</exception>
    public static LocalCluster Start(
        IReadOnlyList<string> command,
        int count,
        string folder,
        int threadCount,
        TimeSpan timeout
    )
    {
        ArgumentNullException.ThrowIfNull(command);
        int[] ports = FreePorts.Find(IPAddress.Loopback, 2 * count);
        ClusterAddress address = ClusterAddress.Parse(
            string.Create(CultureInfo.InvariantCulture, $"primary://127.0.0.1:{ports[0]}/local")
        );
        ClusterOptions options = new()
        {
            Address = address,
            Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Timeout = timeout,
        };
        LocalCluster cluster = new(
            options,
            [.. Enumerable.Range(0, count).Select(i => new IPEndPoint(IPAddress.Loopback, ports[(2 * i) + 1]))]
        );
        try
        {
            for (int i = 0; i < count; i++)
            {
                cluster._processes.Add(
                    StartWorker(
                        command,
                        options,
                        folder,
                        ports[2 * i],
                        ports[(2 * i) + 1],
                        Math.Max(1, threadCount / count)
                    )
                );
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Stops the workers.</summary>
    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    private static Process StartWorker(
        IReadOnlyList<string> command,
        ClusterOptions options,
        string folder,
        int siloPort,
        int gatewayPort,
        int threads
    )
    {
        ProcessStartInfo start = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            .. command.Skip(1),
            "worker",
            "--cluster",
            options.Address.ToString(),
            "--vectors",
            folder,
            "--attached",
            "--silo-port",
            siloPort.ToString(CultureInfo.InvariantCulture),
            "--gateway-port",
            gatewayPort.ToString(CultureInfo.InvariantCulture),
            "--threads",
            threads.ToString(CultureInfo.InvariantCulture),
            "--timeout",
            options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ClusterOptions.SecretVariable] = options.Secret;
        Process process =
            Process.Start(start)
            ?? throw new IOException($"Expected to start {command[0]}, found that it does not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
