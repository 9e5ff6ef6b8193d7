using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>Whom a cluster does not let in, and what its workers do not read.</summary>
/// <param name="stores">The stores.</param>
public sealed class ClusterSecurityTests(PreparedStores stores)
{
    [Fact]
    public async Task Members_WithAnotherSecret_AreRefused()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        await cluster.JoinAsync();
        File.WriteAllText(cluster.Folder["secret.txt"], "another secret of more than sixteen characters\n");
        CliResult refusedClient = await cluster.StartSelection().FinishAsync();
        Assert.Equal(1, refusedClient.ExitCode);
        Assert.Contains(
            "Expected the secret of the cluster, found another one; give its members and clients the same secret.",
            refusedClient.Error,
            StringComparison.Ordinal
        );
        CliResult refusedWorker = await cluster.StartWorker().FinishAsync();
        Assert.Equal(1, refusedWorker.ExitCode);
        Assert.Contains(
            "tsds: Expected the secret of the cluster, found another one",
            refusedWorker.Error.Split('\n')[^2],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Members_UnderMutualTls_SelectAndRefuseStrangers()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        CertificateFiles authority = new(cluster.Folder["tls"]);
        await Task.WhenAll(
            cluster.JoinAsync(authority.Options("worker1")),
            cluster.JoinAsync(authority.Options("worker2"))
        );
        await cluster.AssertSameAsync(cluster.StartSelection("cluster", authority.Options("client")));

        CertificateFiles stranger = new(cluster.Folder["stranger"]);
        (string certificate, string key) = stranger.Sign("client");
        string[] unknown = ["--tls-cert", certificate, "--tls-key", key, "--tls-ca", authority.Authority];
        await Task.WhenAll(
            AssertRefusedAsync(cluster.StartSelection("plain", "--timeout", "10")),
            AssertRefusedAsync(cluster.StartSelection("unknown", ["--timeout", "10", .. unknown]))
        );
    }

    [Fact]
    public async Task Redis_WithPasswordAndTls_IsReachedWithBothOnly()
    {
        using TestFolder folder = new();
        CertificateFiles authority = new(folder["tls"]);
        (string certificate, string key) = authority.Sign("redis");
        int port = FreePort.Find();
        using TestCluster cluster = await TestCluster.CreateAsync(
            stores.Small,
            "--requirepass",
            "open sesame",
            "--tls-port",
            $"{port}",
            "--tls-cert-file",
            certificate,
            "--tls-key-file",
            key,
            "--tls-ca-cert-file",
            authority.Authority
        );
        cluster.Address = $"rediss://127.0.0.1:{port}/test";
        CliResult refused = await cluster.StartWorker(authority.Options("worker")).FinishAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches(
            $"^tsds: Expected the cluster {cluster.Address}, found .*; is it running, and are secret, "
                + $"password and certificates those of the cluster\\?$",
            refused.Error.Split('\n')[^2]
        );

        cluster.Variables["TSDS_REDIS_PASSWORD"] = "open sesame";
        await cluster.JoinAsync(authority.Options("worker"));
        await cluster.AssertSameAsync(cluster.StartSelection("cluster", authority.Options("client")));
    }

    [Fact]
    public async Task Worker_BindsToLoopbackUnlessToldOtherwise()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        int health = FreePort.Find();
        int gateway = FreePort.Find();
        await cluster.JoinAsync("--gateway-port", $"{gateway}", "--health-port", $"{health}");
        string address = $"http://127.0.0.1:{health}/healthz";
        using HttpClient http = new();
        Assert.Equal("ok\n", await http.GetStringAsync(address, TestContext.Current.CancellationToken));
        await CliProcess.SucceedAsync(cluster.Folder.Root, "worker", "--health-check", address);
        IPAddress? outer = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address =>
                address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)
            );
        Assert.SkipWhen(outer is null, "This machine has no address but loopback.");
        foreach (int port in new[] { gateway, health })
        {
            using TcpClient stranger = new();
            await Assert.ThrowsAsync<SocketException>(() =>
                stranger.ConnectAsync(outer!, port, TestContext.Current.CancellationToken).AsTask()
            );
        }
    }

    [Theory]
    [InlineData("worker --vectors store", "--cluster is needed")]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --vectors store", "--cluster-secret is needed")]
    [InlineData(
        "worker --cluster local:3 --vectors store --cluster-secret secret",
        "a worker joins redis://HOST:PORT/NAME"
    )]
    [InlineData("worker --cluster redis://127.0.0.1:1/p --cluster-secret secret", "--vectors is needed")]
    [InlineData(
        "worker --cluster redis://127.0.0.1:1/p --cluster-secret secret --vectors nowhere",
        "Expected a vector store in nowhere, found none"
    )]
    [InlineData(
        "worker --cluster redis://127.0.0.1:1/p --cluster-secret secret --vectors store --bind 0.0.0.0",
        "--bind: expected the address of one network interface"
    )]
    [InlineData("select --cluster local:2 --target targets.jsonl --budget 1 --out out", "write it with 'tsds embed'")]
    [InlineData(
        "select --cluster redis://h --cluster-secret secret --target targets.jsonl --budget 1 --out out",
        "--cluster: Expected a cluster such as"
    )]
    [InlineData(
        "select --timeout 5 --pool targets.jsonl --target targets.jsonl --budget 1 --out out",
        "--timeout is for a cluster"
    )]
    [InlineData(
        "select --cluster redis://127.0.0.1:1/p --cluster-secret secret --tls-cert c --target targets.jsonl "
            + "--budget 1 --out out",
        "belong together"
    )]
    public async Task WrongUse_IsOneSentenceAndExitCode1(string line, string sentence)
    {
        using TestFolder folder = new();
        folder.WriteTargets("targets.jsonl", 1);
        File.WriteAllText(folder["secret"], new string('s', 20));
        CliResult result = await CliProcess.RunAsync(folder.Root, line.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", result.Error, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(CliProcess client)
    {
        CliResult refused = await client.FinishAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "are secret, password and certificates those of the cluster?",
            refused.Error,
            StringComparison.Ordinal
        );
    }
}
