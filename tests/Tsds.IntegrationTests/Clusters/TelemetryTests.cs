using System.Net;
using System.Text;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>The metrics and traces that workers and clients send to a collector of OpenTelemetry.</summary>
/// <param name="stores">The stores.</param>
public sealed class TelemetryTests(PreparedStores stores)
{
    [Fact]
    public async Task Select_CollectorGiven_ReceivesMetricsAndTraces()
    {
        using HttpListener collector = LocalHttp.Start("/", out int port);
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        cluster.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://localhost:{port}";
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
        await Task.WhenAny(collecting, Task.Delay(SafetyNet.Limit, TestContext.Current.CancellationToken));
        Assert.Empty(missing);
    }

    /// <summary>
    /// Receives messages until all names have occurred; names are plain text in the messages of the protocol.
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
