using System.Net;
using System.Text;
using Tsds.Tests.Shared;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>What workers and clients tell a collector of OpenTelemetry.</summary>
/// <param name="stores">The stores.</param>
public sealed class TelemetryTests(PreparedStores stores)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Select_CollectorGiven_ReceivesMetricsAndTraces()
    {
        int port = FreePort.Find();
        using HttpListener collector = new();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        cluster.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}";
        cluster.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        cluster.Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        HashSet<string> missing =
        [
            "tsds.worker.rows",
            "tsds.worker.sent",
            "tsds.worker.shards",
            "tsds.client.sent",
            "tsds.client.received",
            "neighbors",
            "density",
            "tsds.order",
        ];
        Task collecting = CollectAsync(collector, missing);
        await cluster.JoinAsync();
        await cluster.AssertSameAsync(cluster.StartSelection());
        await Task.WhenAny(collecting, Task.Delay(Patience, TestContext.Current.CancellationToken));
        Assert.Empty(missing);
    }

    /// <summary>
    /// Takes what is sent until all names have come by: names are plain text in the messages of the protocol.
    /// </summary>
    private static async Task CollectAsync(HttpListener collector, HashSet<string> names)
    {
        while (names.Count > 0)
        {
            HttpListenerContext context = await collector.GetContextAsync();
            using StreamReader reader = new(context.Request.InputStream, Encoding.Latin1);
            string body = await reader.ReadToEndAsync();
            names.RemoveWhere(name => body.Contains(name, StringComparison.Ordinal));
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
