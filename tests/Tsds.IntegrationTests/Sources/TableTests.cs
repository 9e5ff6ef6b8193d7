using System.Text;

namespace Tsds.IntegrationTests.Sources;

/// <summary>Pools in a vector database: copied once, in chunks, whatever breaks on the way.</summary>
public sealed class TableTests : IAsyncLifetime
{
    private const int Rows = 50_000;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables = new()
    {
        ["PGUSER"] = "reader",
        ["PGPASSWORD"] = PostgresServer.Password,
    };

    private PostgresServer _server = null!;

    private string Address => $"postgres://127.0.0.1:{_server.Port}/postgres/items?vector=embedding";

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
        _folder.Dispose();
    }

    [Fact]
    public async Task Select_FromATable_GivesItsRowsWithTheirIds()
    {
        // Twice as many bytes as a chunk has: each connection brings one chunk, and the second breaks.
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
        foreach (string file in Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories))
        {
            Assert.True(
                (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))
                    .AsSpan()
                    .IndexOf(Encoding.UTF8.GetBytes(PostgresServer.Password)) < 0,
                $"{file} holds the password."
            );
        }

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
        _variables["QDRANT_API_KEY"] = QdrantStandIn.Key;
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
        Assert.All(
            Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(QdrantStandIn.Key, File.ReadAllText(file), StringComparison.Ordinal)
        );
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
        Assert.DoesNotContain(PostgresServer.Password, result.Error + result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(QdrantStandIn.Key, result.Error + result.Out, StringComparison.Ordinal);
    }

    private CliProcess Start(string[] arguments) => CliProcess.Start(_folder.Root, _variables, arguments);

    private async Task<CliResult> TryAsync(string[] arguments)
    {
        using CliProcess process = Start(arguments);
        return await process.FinishAsync();
    }
}
