using System.Globalization;

namespace Tsds.IntegrationTests.Sources;

/// <summary>A selection that goes back to the database that its pool came from, as a field that is true.</summary>
public sealed class TableExportTests : IDisposable
{
    private const int Rows = 3_000;
    private const int Budget = 40;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    public TableExportTests()
    {
        _variables = PlantedSecrets.Plant(_folder);
        float[][] targets = [.. Enumerable.Range(0, 5).Select(i => new float[] { 10 * i, 50, 20 })];
        ParquetFile.Write(_folder["targets.parquet"], "embedding", targets);
    }

    public void Dispose() => PlantedSecrets.DisposeWithout(_folder);

    [Fact]
    public async Task Export_ToATable_MarksTheChosenRowsAllOrNone()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await server.ExecuteAsync(
            "CREATE TABLE items (id bigint PRIMARY KEY, text text, active boolean, embedding real[]); INSERT INTO "
                + "items SELECT i, 'row ' || i, true, ARRAY[i * 7 % 101, i * 13 % 97, i % 89 + 1]::real[] FROM "
                + $"generate_series(1, {Rows}) i"
        );
        string[] chosen = await SelectAsync($"postgres://127.0.0.1:{server.Port}/postgres/items?vector=embedding");
        string[] export = ["export", "out", "--to", "pgvector"];

        // The connection breaks once the server has been told to keep all: the export finds its own column.
        server.CutUpon = "COMMIT";
        CliResult result = await SucceedAsync(export);
        Assert.Null(server.CutUpon);
        Assert.Contains($"Marked {Budget} rows in postgres://", result.Out, StringComparison.Ordinal);
        Assert.Equal(chosen, await MarkedAsync(server, "tsds_selected"));

        // The column is no part of a row: what was selected is still what would be.
        CliResult verified = await TryAsync("verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Error + verified.Out);

        // What is there is replaced only where it is asked for.
        await server.ExecuteAsync("UPDATE items SET tsds_selected = (id = 7)");
        await RefuseAsync("expected no column tsds_selected, found one; replace its values with --force", export);
        await RefuseAsync("expected no column active, found one;", [.. export, "--field", "active"]);
        await RefuseAsync("expected the column id to be boolean, found bigint;", [.. export, "--field", "id"]);
        await RefuseAsync("--field: expected a name of letters", [.. export, "--field", "a\"; DROP TABLE items"]);
        Assert.Equal(["7"], await MarkedAsync(server, "tsds_selected"));
        Assert.Equal([$"{Rows}"], await server.ExecuteAsync("SELECT count(*) FROM items WHERE active"));
        await SucceedAsync([.. export, "--force"]);
        Assert.Equal(chosen, await MarkedAsync(server, "tsds_selected"));

        // Where a row is gone nothing changes.
        await server.ExecuteAsync($"DELETE FROM items WHERE id = {chosen[0]}");
        await RefuseAsync(
            $"expected a row for each of {Budget} ids in the column id, found {Budget - 1}",
            [.. export, "--field", "other"]
        );
        Assert.Equal(
            ["id", "text", "active", "embedding", "tsds_selected"],
            await server.ExecuteAsync(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'items' ORDER BY "
                    + "ordinal_position"
            )
        );
    }

    /// <summary>A killed export leaves the table as it was, whenever that is.</summary>
    [Fact]
    public async Task Export_ToATableKilled_ChangesNothing()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await server.ExecuteAsync(
            "CREATE TABLE items (id text PRIMARY KEY, text text, embedding real[]); INSERT INTO items SELECT 'key ' "
                + "|| i, 'row ' || i, ARRAY[i * 7 % 101, i * 13 % 97, i % 89 + 1]::real[] FROM "
                + $"generate_series(1, {Rows}) i"
        );
        string[] chosen = await SelectAsync($"postgres://127.0.0.1:{server.Port}/postgres/items?vector=embedding");
        string[] export = ["export", "out", "--to", "pgvector", "--field", "chosen"];
        foreach (string moment in new[] { "ALTER TABLE", "UPDATE" })
        {
            server.HoldUpon = moment;
            using CliProcess process = CliProcess.Start(_folder.Root, _variables, export);
            while (!process.HasExited && server.HoldUpon is not null)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            process.Kill();
            PlantedSecrets.AssertNotIn(await process.FinishAsync());
        }

        await SucceedAsync(export);
        Assert.Equal(chosen, await MarkedAsync(server, "chosen"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_ToACollection_MarksTheChosenPoints(bool hasOwnIds)
    {
        await using QdrantStandIn server = await QdrantStandIn.StartAsync(Rows, hasOwnIds);
        string[] ids = await SelectAsync($"qdrant://localhost:{server.Port}/items?vector=dense");

        // Where the payload has an id of its own, it is the number of the next point.
        int[] chosen = [.. ids.Select(id => int.Parse(id, CultureInfo.InvariantCulture) - (hasOwnIds ? 1 : 0)).Order()];
        string[] export = ["export", "out", "--to", "qdrant"];
        await SucceedAsync(export);
        Assert.Equal(chosen, server.PointsWith("tsds_selected"));

        // The field is no part of a row in another copy.
        await TryAsync("cache", "clear");
        CliResult verified = await TryAsync("verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Error + verified.Out);

        // The same once more changes nothing, and what another selection has marked stays.
        await SucceedAsync(export);
        int other = Enumerable.Range(0, Rows).First(point => !chosen.Contains(point));
        server.Set(other, "tsds_selected", true);
        await RefuseAsync("expected no field tsds_selected in other points than those chosen, found some", export);
        await RefuseAsync("expected no field text in other points", [.. export, "--field", "text"]);
        Assert.Equal(chosen.Append(other).Order(), server.PointsWith("tsds_selected"));
        await SucceedAsync([.. export, "--force"]);
        Assert.Equal(chosen, server.PointsWith("tsds_selected"));
    }

    /// <summary>A run that was stopped leaves some points marked, and the same command marks the others.</summary>
    [Fact]
    public async Task Export_ToACollectionStopped_GoesOn()
    {
        const int large = 2_500;
        await using QdrantStandIn server = await QdrantStandIn.StartAsync(Rows);
        await SelectAsync($"qdrant://localhost:{server.Port}/items?vector=dense", large);
        string[] export = ["export", "out", "--to", "qdrant"];
        server.ChangesFailFrom = 2;
        using (CliProcess process = CliProcess.Start(_folder.Root, _variables, export))
        {
            while (!process.HasExited && server.Changes < 2)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            process.Kill();
            PlantedSecrets.AssertNotIn(await process.FinishAsync());
        }

        Assert.Equal(1_000, server.PointsWith("tsds_selected").Length);
        server.ChangesFailFrom = null;
        await SucceedAsync(export);
        Assert.Equal(large, server.PointsWith("tsds_selected").Length);
    }

    [Fact]
    public async Task Export_PoolThatIsNoTable_SaysSo()
    {
        _folder.WritePool("pool.jsonl", 60);
        _folder.WriteTargets("targets.jsonl", 5);
        await SucceedAsync(
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "5",
            "--embedder",
            "lexical",
            "--out",
            "out"
        );
        await RefuseAsync(
            "expected a selection from one pool at qdrant://..., found one from pool.jsonl;",
            "export",
            "out",
            "--to",
            "qdrant"
        );
        await RefuseAsync(
            "--name is for files of a trainer, and --to pgvector writes none.",
            "export",
            "out",
            "--to",
            "pgvector",
            "--name",
            "x"
        );
        await RefuseAsync("--field names a field of a database", "export", "out", "--to", "trl", "--field", "x");
    }

    private async Task<string[]> SelectAsync(string address, int budget = Budget)
    {
        await SucceedAsync(
            "select",
            "--pool",
            address,
            "--pool-vectors",
            address,
            "--target-vectors",
            "targets.parquet",
            "--budget",
            $"{budget}",
            "--out",
            "out"
        );
        return
        [
            .. _folder
                .Lines("out/lineage.jsonl")
                .Where(line => line["count"]!.GetValue<int>() > 0)
                .Select(line => line["id"]!.ToString())
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<string[]> MarkedAsync(PostgresServer server, string field) =>
        [.. (await server.ExecuteAsync($"SELECT id FROM items WHERE {field}")).Order(StringComparer.Ordinal)];

    private async Task RefuseAsync(string sentence, params string[] arguments)
    {
        CliResult result = await TryAsync(arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    private async Task<CliResult> SucceedAsync(params string[] arguments)
    {
        CliResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        return result;
    }

    private async Task<CliResult> TryAsync(params string[] arguments)
    {
        using CliProcess process = CliProcess.Start(_folder.Root, _variables, arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }
}
