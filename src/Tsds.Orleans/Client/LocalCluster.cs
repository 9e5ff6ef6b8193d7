using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Tsds.Orleans.Hosting;

namespace Tsds.Orleans.Client;

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

    /// <summary>Starts the workers and waits until all are members; the first one holds the membership table.</summary>
    /// <param name="command">The program with its first arguments, to which <c>worker ...</c> is added.</param>
    /// <param name="count">How many.</param>
    /// <param name="folder">The vector store, which all of them hold.</param>
    /// <param name="threadCount">Threads, shared among them.</param>
    /// <param name="timeout">How long a silent worker is waited for.</param>
    /// <param name="cancellationToken">Stops, and ends the workers.</param>
    /// <returns>The cluster.</returns>
    /// <exception cref="IOException">A process cannot be started, or ends before it is a member.</exception>
    public static async Task<LocalCluster> StartAsync(
        IReadOnlyList<string> command,
        int count,
        string folder,
        int threadCount,
        TimeSpan timeout,
        CancellationToken cancellationToken = default
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
            List<Task> ready = [];
            for (int i = 0; i < count; i++)
            {
                Process process = StartWorker(
                    command,
                    options,
                    folder,
                    ports[2 * i],
                    ports[(2 * i) + 1],
                    Math.Max(1, threadCount / count)
                );
                cluster._processes.Add(process);
                ready.Add(WaitUntilReadyAsync(process));
            }

            foreach (Task worker in ready)
            {
                await worker.WaitAsync(cancellationToken).ConfigureAwait(false);
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
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Waits for the line of a worker's log that it is a member, and reads the log from then on.</summary>
    private static Task WaitUntilReadyAsync(Process process)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string last = "nothing";
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(
                    new IOException(
                        $"Expected the workers of this machine to start, found that one of them has ended: {last}"
                    )
                );
            }
            else if (line.Data.Contains(WorkerHost.ReadyText, StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }

            last = line.Data ?? last;
        };
        process.BeginErrorReadLine();
        return ready.Task;
    }
}
