using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>Pools in a vector database: copied once, in chunks, whatever breaks on the way.</summary>
public sealed class TableTests : IAsyncLifetime
{
    private const int Rows = 50_000;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    private PostgresServer _server = null!;

    private string Address => $"postgres://127.0.0.1:{_server.Port}/postgres/items?vector=embedding";

    public TableTests()
    {
        _variables = PlantedSecrets.Plant(_folder);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.ExecuteAsync(
            "CREATE TABLE items (id bigint PRIMARY KEY, text text, source text, embedding real[]); INSERT INTO items "
                + $"SELECT i, 'row ' || i, 'part' || i % 3, ARRAY[i * 7 % 101, i * 13 % 97, i % 89 + 1]::real[] FROM "
                + $"generate_series(1, {Rows}) i; INSERT INTO items VALUES (0, 'no vector', 'none', NULL)"
        );
        float[][] targets = [.. Enumerable.Range(0, 5).Select(i => new float[] { 10 * i, 50, 20 })];
        ParquetFile.Write(_folder["targets.parquet"], "embedding", targets);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        PlantedSecrets.DisposeWithout(_folder);
    }

    [Fact]
    public async Task Select_FromATable_GivesItsRowsWithTheirIds()
    {
        // Killed in the second chunk; then twice as many bytes as a chunk has: a connection brings one, and breaks.
        Task held = _server.HoldAfter(250);
        using (CliProcess process = Start(Arguments("broken", Address, Address)))
        {
            Task<CliResult> finished = process.FinishAsync();
            await Task.WhenAny(held, finished);
            process.Kill();
            PlantedSecrets.AssertNotIn(await finished);
        }

        Assert.True(held.IsCompleted, "The table was copied at once.");
        _server.Release();
        _server.CutAfter = 4_000_000;
        await SelectAsync("broken");
        Assert.True(_server.Connections > 1, "No connection broke.");
        _server.CutAfter = null;
        long sent = _server.BytesSent;
        await SelectAsync("again");
        Assert.True(_server.BytesSent - sent < 100_000, $"{_server.BytesSent - sent:N0} bytes were sent once more.");
        Assert.Equal(_folder.Hash("broken/selected.jsonl"), _folder.Hash("again/selected.jsonl"));

        // The same rows and vectors as files.
        await File.WriteAllLinesAsync(
            _folder["rows.jsonl"],
            Enumerable
                .Range(1, Rows)
                .Select(i => $$"""{"id": {{i}}, "text": "row {{i}}", "source": "part{{i % 3}}"}"""),
            TestContext.Current.CancellationToken
        );
        float[][] vectors =
        [
            .. Enumerable.Range(1, Rows).Select(i => new float[] { i * 7 % 101, i * 13 % 97, (i % 89) + 1 }),
        ];
        ParquetFile.Write(_folder["vectors.parquet"], "embedding", vectors);
        await RunAsync("local", "rows.jsonl", "vectors.parquet");
        Assert.Equal(Ids("local"), Ids("broken"));
        // A row that changes is noticed.
        await _server.ExecuteAsync("UPDATE items SET text = 'changed' WHERE id = 25000");
        CliResult verified = await TryAsync(["verify", "again"]);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains(": was read at ", verified.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_FromACollection_GoesOnBehindItsLastChunk()
    {
        const int points = 9_000;
        await using QdrantStandIn server = await QdrantStandIn.StartAsync(points);
        _variables["QDRANT_API_KEY"] = PlantedSecrets.QdrantKey;
        string address = $"qdrant://localhost:{server.Port}/items?vector=dense";
        server.FailsFrom = 4;
        using (CliProcess process = Start(Arguments("out", address, address)))
        {
            while (!process.HasExited && server.Pages < 4)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.FinishAsync();
        }

        server.FailsFrom = null;
        int pages = server.Pages;
        await RunAsync("out", address, address);
        Assert.Equal(2, server.Pages - pages);
        await RunAsync("again", address, address);
        Assert.Equal(2, server.Pages - pages);
        await File.WriteAllLinesAsync(
            _folder["points.jsonl"],
            Enumerable
                .Range(0, points)
                .Select(i => $$"""{"source":"{{(i % 2 == 0 ? "even" : "odd")}}","text":"row {{i}}","id":"{{i}}"}"""),
            TestContext.Current.CancellationToken
        );
        ParquetFile.Write(
            _folder["points.parquet"],
            "embedding",
            [.. Enumerable.Range(0, points).Select(QdrantStandIn.VectorOf)]
        );
        await RunAsync("local", "points.jsonl", "points.parquet");
        Assert.Equal(_folder.Hash("local/selected.jsonl"), _folder.Hash("out/selected.jsonl"));
        Assert.Equal(_folder.Hash("local/selected.jsonl"), _folder.Hash("again/selected.jsonl"));
    }

    /// <summary>Points of many numbers, of which 2,000 are more than the four megabytes of a usual message.</summary>
    [Fact]
    public async Task Select_FromACollectionOfLongVectors_ReadsThem()
    {
        const int points = 2_500;
        const int dimension = 1_024;
        float[][] vectors =
        [
            .. Enumerable
                .Range(0, points)
                .Select(row =>
                    Enumerable.Range(0, dimension).Select(i => MathF.Sin(1 + row + (i * (row % 7)))).ToArray()
                ),
        ];
        await using QdrantStandIn server = await QdrantStandIn.StartAsync();
        server.Add("long", vectors.Select((_, i) => new JsonObject { ["text"] = $"row {i}" }), vectors);
        ParquetFile.Write(_folder["targets.parquet"], "embedding", vectors[..5]);
        string address = $"qdrant://localhost:{server.Port}/long?vector=dense";
        await RunAsync("out", address, address);
        Assert.Equal(40, _folder.Lines("out/selected.jsonl").Length);
    }

    private string[] Ids(string selection) =>
        [.. _folder.Lines($"{selection}/lineage.jsonl").Select(line => line["id"]?.ToString() ?? "")];

    private Task SelectAsync(string name) => RunAsync(name, Address, Address);

    private static string[] Arguments(string name, string pool, string vectors) =>
        [
            "select",
            "--pool",
            pool,
            "--pool-vectors",
            vectors,
            "--target-vectors",
            "targets.parquet",
            "--budget",
            "40",
            "--out",
            name,
        ];

    private async Task RunAsync(string name, string pool, string vectors)
    {
        CliResult result = await TryAsync(Arguments(name, pool, vectors));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private CliProcess Start(string[] arguments) => CliProcess.Start(_folder.Root, _variables, arguments);

    private async Task<CliResult> TryAsync(string[] arguments)
    {
        using CliProcess process = Start(arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }
}
