using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Tsds.IntegrationTests;

/// <summary>Whom a cluster does not let in, and what its workers do not read.</summary>
[Collection("cluster")]
public sealed class ClusterSecurityTests : IDisposable
{
    private readonly TestCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Members_WithAnotherSecret_AreRefused()
    {
        await _cluster.PrepareAsync();
        await _cluster.JoinAsync();
        File.WriteAllText(_cluster.Folder["secret.txt"], "another secret of more than sixteen characters\n");
        using CliProcess client = _cluster.StartSelection();
        CliResult refusedClient = await client.FinishAsync();
        Assert.Equal(1, refusedClient.ExitCode);
        Assert.EndsWith("tsds: Expected the secret of the cluster, found another one; give its members and clients the same secret.\n", refusedClient.Error, StringComparison.Ordinal);
        CliResult refusedWorker = await _cluster.StartWorker().FinishAsync();
        Assert.Equal(1, refusedWorker.ExitCode);
        Assert.Contains("tsds: Expected the secret of the cluster, found another one", refusedWorker.Error.Split('\n')[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_UnderMutualTls_SelectAndRefuseStrangers()
    {
        await _cluster.PrepareAsync();
        CertificateFiles authority = new(_cluster.Folder["tls"]);
        await Task.WhenAll(_cluster.JoinAsync("", authority.Options("worker1")), _cluster.JoinAsync("", authority.Options("worker2")));
        using CliProcess selection = _cluster.StartSelection("cluster", authority.Options("client"));
        await _cluster.AssertSameAsync(selection);

        using CliProcess plain = _cluster.StartSelection("plain");
        await AssertRefusedAsync(plain);
        CertificateFiles stranger = new(_cluster.Folder["stranger"]);
        (string certificate, string key) = stranger.Sign("client");
        using CliProcess unknown = _cluster.StartSelection("unknown", "--tls-cert", certificate, "--tls-key", key, "--tls-ca", authority.Authority);
        await AssertRefusedAsync(unknown);
    }

    [Fact]
    public async Task Redis_WithPasswordAndTls_IsReachedWithBothOnly()
    {
        CertificateFiles authority = new(_cluster.Folder["tls"]);
        (string certificate, string key) = authority.Sign("redis");
        int port = RedisServer.FreePort();
        await _cluster.PrepareAsync(
            "--requirepass", "open sesame", "--tls-port", $"{port}", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", authority.Authority);
        string[] secured =
        [
            "worker", "--vectors", "store", "--cluster", $"rediss://127.0.0.1:{port}/test", "--cluster-secret", "secret.txt", "--timeout", TestCluster.Timeout, .. authority.Options("worker"),
        ];
        CliResult refused = await _cluster.RunAsync(secured);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"Expected the cluster rediss://127.0.0.1:{port}/test, found Redis does not answer", refused.Error, StringComparison.Ordinal);
        using CliProcess worker = CliProcess.Start(_cluster.Folder.Root, new Dictionary<string, string> { ["TSDS_REDIS_PASSWORD"] = "open sesame" }, secured);
        await worker.WaitForErrorLineAsync("ready: cluster");
        Assert.False(worker.HasExited, "The worker did not become a member.");
    }

    [Fact]
    public async Task Worker_BindsToLoopbackUnlessToldOtherwise()
    {
        await _cluster.PrepareAsync();
        int health = RedisServer.FreePort();
        int gateway = RedisServer.FreePort();
        await _cluster.JoinAsync("", "--gateway-port", $"{gateway}", "--health-port", $"{health}");
        using HttpClient http = new();
        Assert.Equal("ok\n", await http.GetStringAsync($"http://127.0.0.1:{health}/healthz", TestContext.Current.CancellationToken));
        IPAddress? outer = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outer is null, "This machine has no address but loopback.");
        foreach (int port in new[] { gateway, health })
        {
            using TcpClient stranger = new();
            await Assert.ThrowsAsync<SocketException>(() => stranger.ConnectAsync(outer!, port, TestContext.Current.CancellationToken).AsTask());
        }
    }

    [Theory]
    [InlineData("worker --vectors store", "--cluster is needed")]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --vectors store", "--cluster-secret is needed")]
    [InlineData("worker --cluster local:3 --vectors store --cluster-secret secret", "a worker joins redis://HOST:PORT/NAME")]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --cluster-secret secret", "--vectors is needed")]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --cluster-secret secret --vectors nowhere", "Expected a vector store in nowhere, found none")]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --cluster-secret secret --vectors store --bind 0.0.0.0", "--bind: expected the address of one network interface")]
    [InlineData("select --cluster local:2 --target targets.jsonl --budget 1 --out out", "write it with 'tsds embed'")]
    [InlineData("select --cluster redis://h --cluster-secret secret --target targets.jsonl --budget 1 --out out", "--cluster: Expected a cluster such as")]
    [InlineData("select --timeout 5 --pool targets.jsonl --target targets.jsonl --budget 1 --out out", "--timeout is for a cluster")]
    [InlineData("select --cluster redis://127.0.0.1:1/p --cluster-secret secret --tls-cert c --target targets.jsonl --budget 1 --out out", "belong together")]
    public async Task WrongUse_IsOneSentenceAndExitCode1(string line, string sentence)
    {
        _cluster.Folder.WriteTargets("targets.jsonl", 1);
        File.WriteAllText(_cluster.Folder["secret"], new string('s', 20));
        CliResult result = await _cluster.RunAsync(line.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", result.Error, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(CliProcess client)
    {
        CliResult refused = await client.FinishAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("are secret, password and certificates those of the cluster?", refused.Error, StringComparison.Ordinal);
    }
}
