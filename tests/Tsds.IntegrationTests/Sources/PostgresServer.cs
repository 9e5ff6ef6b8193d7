using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// A PostgreSQL server of this test, and before it a relay that cuts connections. Debian has no package of pgvector for
/// it: vectors are <c>real[]</c>, to which pgvector's types are cast in the same query.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const long BrokenAfter = 20_000;
    private const long SlowBytes = 1 << 20;

    private readonly TempFolder _folder = new();
    private readonly Process _server;
    private readonly TcpListener _relay = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private readonly Hold _hold = new();

    private PostgresServer(Process server, TempFolder folder, int port)
    {
        _server = server;
        _folder = folder;
        _port = port;
        _relay.Start();
        _ = RelayAsync();
    }

    /// <summary>Gets the port of the relay.</summary>
    public int Port => ((IPEndPoint)_relay.LocalEndpoint).Port;

    /// <summary>Gets or sets the bytes of an answer after which the relay cuts a connection; null for never.</summary>
    public long? CutAfter { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether connections have faults in turn: closed at once, cut in the middle,
    /// slow.
    /// </summary>
    public bool HasFaults { get; set; }

    /// <summary>Gets or sets the text in a request upon which the relay cuts the connection, once.</summary>
    public string? CutUpon { get; set; }

    /// <summary>
    /// Gets or sets the text in a request that the relay keeps to itself with all that follows, once; null for none.
    /// </summary>
    public string? HoldUpon { get; set; }

    /// <summary>Gets the bytes that the server has sent.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Gets the connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Starts a server.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        TempFolder folder = new();
        string data = folder["data"];
        await File.WriteAllTextAsync(folder["password"], PlantedSecrets.Password);
        await RunAsync("chmod", "-R", "a+rwX", folder.Root);
        string bin = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
        string[] who = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
        await RunAsync([
            .. who,
            $"{bin}/initdb",
            "-D",
            data,
            "-U",
            "reader",
            "--pwfile",
            folder["password"],
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale",
            "C",
            "--no-sync",
        ]);
        int port = FreePort.Find();
        string[] start =
        [
            .. who,
            $"{bin}/postgres",
            "-D",
            data,
            "-p",
            $"{port}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            $"unix_socket_directories={folder.Root}",
            "-c",
            "fsync=off",
        ];
        Process server = Process.Start(
            new ProcessStartInfo(start[0], start[1..]) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                break;
            }
        }

        _ = server.StandardError.ReadToEndAsync();
        return new PostgresServer(server, folder, port);
    }

    /// <summary>Keeps back what comes after some more packets of answers, until <see cref="Release"/>.</summary>
    /// <param name="packets">How many are sent before.</param>
    /// <returns>Ends when the first one is kept back.</returns>
    public Task HoldAfter(int packets) => _hold.After(packets);

    /// <summary>Sends what was kept back, and all that follows.</summary>
    public void Release() => _hold.Release();

    /// <summary>Runs statements, past the relay.</summary>
    /// <returns>What they print, a row a line.</returns>
    public async Task<string[]> ExecuteAsync(string statements)
    {
        ProcessStartInfo start = new(
            "psql",
            [
                "-h",
                "127.0.0.1",
                "-p",
                $"{_port}",
                "-U",
                "reader",
                "-d",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-q",
                "-A",
                "-t",
                "-c",
                statements,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = PlantedSecrets.Password;
        using Process psql = Process.Start(start)!;
        string printed = await psql.StandardOutput.ReadToEndAsync();
        await psql.WaitForExitAsync();
        Assert.Equal(0, psql.ExitCode);
        return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _relay.Stop();
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _folder.Dispose();
        _end.Dispose();
    }

    private static async Task RunAsync(params string[] command)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true }
        )!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task RelayAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _relay.AcceptTcpClientAsync(_end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return;
            }

            Connections++;
            Fault fault = !HasFaults
                ? Fault.None
                : (Connections % 3) switch
                {
                    1 => Fault.Closed,
                    2 => Fault.Broken,
                    _ => Fault.Slow,
                };
            _ = RelayAsync(client, fault);
        }
    }

    private async Task RelayAsync(TcpClient client, Fault fault)
    {
        using TcpClient server = new();
        using TcpClient held = client;
        try
        {
            if (fault == Fault.Closed)
            {
                return;
            }

            long? end = fault == Fault.Broken ? BrokenAfter : CutAfter;
            await server.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
            _ = AskAsync(client, server);
            byte[] buffer = new byte[1 << 14];
            long sent = 0;
            int read;
            while ((read = await server.GetStream().ReadAsync(buffer, _end.Token)) > 0)
            {
                sent += read;
                BytesSent += read;
                await _hold.PassAsync(_end.Token);
                if (sent > end)
                {
                    return;
                }

                if (fault == Fault.Slow && sent % SlowBytes < read)
                {
                    await Task.Delay(5, _end.Token);
                }

                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }

    /// <summary>Sends what the client asks to the server. What breaks the connection reaches the server.</summary>
    private async Task AskAsync(TcpClient client, TcpClient server)
    {
        try
        {
            byte[] buffer = new byte[1 << 14];
            bool isHeld = false;
            int read;
            while ((read = await client.GetStream().ReadAsync(buffer, _end.Token)) > 0)
            {
                string asked = Encoding.UTF8.GetString(buffer, 0, read);
                if (HoldUpon is { } held && asked.Contains(held, StringComparison.Ordinal))
                {
                    HoldUpon = null;
                    isHeld = true;
                }

                if (isHeld)
                {
                    continue;
                }

                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
                if (CutUpon is { } text && asked.Contains(text, StringComparison.Ordinal))
                {
                    CutUpon = null;
                    client.Close();
                    return;
                }
            }

            // The server learns that its client has gone.
            server.Close();
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }
}
