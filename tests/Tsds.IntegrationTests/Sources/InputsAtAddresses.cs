using System.Globalization;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// The same pool, targets, excluded and kept rows, each with vectors, on disk and at each kind of address; every server
/// has faults.
/// </summary>
public sealed class InputsAtAddresses : IAsyncLifetime
{
    private const int PoolRows = 6_000;
    private const int Dimension = 32;
    private const string Web = "hub/org/every";

    // Rows of the pool, but for the targets, which are in no pool.
    private static readonly (string Name, int First, int End)[] Sets =
    [
        ("pool", 0, PoolRows),
        ("targets", PoolRows, PoolRows + 12),
        ("excluded", 0, 40),
        ("kept", 40, 60),
    ];

    private readonly HubStandIn _hub;
    private WebServer _web = null!;
    private ObjectServer _objects = null!;
    private QdrantStandIn _qdrant = null!;
    private PostgresServer _postgres = null!;

    public InputsAtAddresses()
    {
        Variables = PlantedSecrets.Plant(Folder);
        _hub = new HubStandIn(Folder["hub"]);
    }

    /// <summary>Gets the folder of all of it.</summary>
    internal TestFolder Folder { get; } = new();

    /// <summary>Gets the environment of commands.</summary>
    internal Dictionary<string, string> Variables { get; }

    public async ValueTask InitializeAsync()
    {
        _web = await WebServer.StartAsync(_hub.AnswerAsync);
        Variables["HF_ENDPOINT"] = _web.Url.AbsoluteUri;
        _objects = await ObjectServer.StartAsync();
        Variables["AWS_ENDPOINT_URL"] = _objects.Url.AbsoluteUri;
        _qdrant = await QdrantStandIn.StartAsync();
        _postgres = await PostgresServer.StartAsync();
        Directory.CreateDirectory(Folder[Web]);
        Directory.CreateDirectory(Folder[OnDisk("qdrant")]);
        foreach ((string name, int first, int end) in Sets)
        {
            JsonObject[] rows = [.. Enumerable.Range(first, end - first).Select(RowOf)];
            float[][] vectors = [.. Enumerable.Range(first, end - first).Select(VectorOf)];
            await WriteFilesAsync(name, rows, vectors);
            _qdrant.Add(name, rows, vectors);
            await File.WriteAllLinesAsync(Folder[$"{OnDisk("qdrant")}/{name}.jsonl"], rows.Select(SortedOf));
            File.Copy(Folder[$"{Web}/{name}.parquet"], Folder[$"{OnDisk("qdrant")}/{name}.parquet"]);
            await WriteTableAsync(name, rows, vectors);
        }

        _qdrant.Faults.AreOn = true;
        _postgres.HasFaults = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _objects.DisposeAsync();
        await _qdrant.DisposeAsync();
        await _postgres.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Returns where the rows and the vectors of a set are.</summary>
    /// <param name="kind">The kind of address, or a folder on disk.</param>
    /// <param name="name">The set.</param>
    internal (string Rows, string Vectors) Locate(string kind, string name)
    {
        string files = kind switch
        {
            "datasets" => $"hf://datasets/org/every/{name}",
            "buckets" => $"hf://buckets/org/{ObjectServer.Bucket}/every/{name}",
            "s3" => $"s3://{ObjectServer.Bucket}/every/{name}",
            "https" => $"{_web.Url}cdn/org/every/{name}",
            _ => $"{kind}/{name}",
        };
        string table = kind switch
        {
            "qdrant" => $"qdrant://localhost:{_qdrant.Port}/{name}?vector=dense",
            "postgres" => $"postgres://127.0.0.1:{_postgres.Port}/postgres/{name}?vector=embedding",
            _ => "",
        };
        return table.Length > 0 ? (table, table) : ($"{files}.jsonl", $"{files}.parquet#embedding");
    }

    /// <summary>Returns the folder with the files that hold what a kind of address gives, byte for byte.</summary>
    internal static string OnDisk(string kind) => kind == "qdrant" ? "points" : Web;

    /// <summary>Adds a file of rows that is about to change.</summary>
    /// <returns>Its address.</returns>
    internal async Task<string> AddChangingAsync(string kind)
    {
        await WriteChangingAsync(kind, "word");
        return Locate(kind, ChangingName(kind)).Rows;
    }

    /// <summary>Changes the file, but not its size.</summary>
    internal Task ChangeAsync(string kind) => WriteChangingAsync(kind, "WORD");

    /// <summary>Adds or replaces a set of some rows of the pool.</summary>
    /// <returns>The address of its vectors.</returns>
    internal async Task<string> AddMovingAsync(string kind, int rows)
    {
        string name = $"moving-{kind}";
        JsonObject[] all = [.. Enumerable.Range(0, rows).Select(RowOf)];
        float[][] vectors = [.. Enumerable.Range(0, rows).Select(VectorOf)];
        await WriteFilesAsync(name, all, vectors);
        _qdrant.Add(name, all, vectors);
        return Locate(kind, name).Vectors;
    }

    /// <summary>Returns the options that a kind of address needs.</summary>
    internal string[] OptionsOf(string kind) => kind == "buckets" ? ["--endpoint", _objects.Url.AbsoluteUri] : [];

    /// <summary>Keeps answers back in the middle of the pool, until <see cref="Release"/>.</summary>
    /// <returns>Ends when one is kept back.</returns>
    internal Task HoldInTheMiddle(string kind) =>
        kind switch
        {
            "datasets" or "https" => _hub.Faults.HoldAfter(3),
            "buckets" or "s3" => _objects.Faults.HoldAfter(3),
            "qdrant" => _qdrant.Faults.HoldAfter(2),
            _ => _postgres.HoldAfter(100),
        };

    /// <summary>Sends what was kept back, and all that follows.</summary>
    internal void Release()
    {
        _hub.Faults.Release();
        _objects.Faults.Release();
        _qdrant.Faults.Release();
        _postgres.Release();
    }

    private static string ChangingName(string kind) => $"changing-{kind}.large";

    private async Task WriteChangingAsync(string kind, string word)
    {
        string name = $"{ChangingName(kind)}.jsonl";
        string pool = await File.ReadAllTextAsync(Folder[$"{Web}/pool.jsonl"]);
        await File.WriteAllTextAsync(Folder[$"{Web}/{name}"], pool.Replace("word", word, StringComparison.Ordinal));
        await _objects.PutAsync($"every/{name}", Folder[$"{Web}/{name}"]);
    }

    private static string IdOf(int row) => string.Create(CultureInfo.InvariantCulture, $"r{row:D5}");

    private static JsonObject RowOf(int row) =>
        new()
        {
            ["id"] = IdOf(row),
            ["text"] = string.Join(' ', Enumerable.Repeat($"word {row}", 60)),
            ["source"] = $"part{row % 3}",
        };

    private static float[] VectorOf(int row) =>
        [.. Enumerable.Range(0, Dimension).Select(i => MathF.Sin((row * 0.37f) + (i * (1 + (row % 29)))))];

    /// <summary>Writes a row as PostgreSQL writes an object: shorter names first, with spaces.</summary>
    private static string SpacedOf(JsonObject row) =>
        $$"""{"id": "{{row["id"]}}", "text": "{{row["text"]}}", "source": "{{row["source"]}}"}""";

    /// <summary>Writes a row as points of Qdrant are written, whose payload has no order.</summary>
    private static string SortedOf(JsonObject row) =>
        $$"""{"id":"{{row["id"]}}","source":"{{row["source"]}}","text":"{{row["text"]}}"}""";

    private async Task WriteFilesAsync(string name, JsonObject[] rows, float[][] vectors)
    {
        await File.WriteAllLinesAsync(Folder[$"{Web}/{name}.jsonl"], rows.Select(SpacedOf));
        ParquetFile.Write(Folder[$"{Web}/{name}.parquet"], "embedding", vectors, 1_000);
        foreach (string file in new[] { $"{name}.jsonl", $"{name}.parquet" })
        {
            await _objects.PutAsync($"every/{file}", Folder[$"{Web}/{file}"]);
        }
    }

    private async Task WriteTableAsync(string name, JsonObject[] rows, float[][] vectors)
    {
        string file = Folder[$"{name}.table"];
        await File.WriteAllLinesAsync(
            file,
            rows.Zip(
                vectors,
                (row, vector) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row["id"]}\t{row["text"]}\t{row["source"]}\t{{{string.Join(',', vector)}}}"
                    )
            )
        );
        await _postgres.ExecuteAsync(
            $"CREATE TABLE {name} (id text PRIMARY KEY, text text, source text, embedding real[])"
        );
        await _postgres.ExecuteAsync($"\\copy {name} FROM '{file}'");
    }
}
