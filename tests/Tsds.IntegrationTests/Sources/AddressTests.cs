using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// Pools at addresses: what comes out is, byte for byte, what files on disk give, whatever goes wrong on the way.
/// </summary>
public sealed class AddressTests : IAsyncLifetime
{
    private const int PoolRows = 9_000;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    private WebServer _web = null!;
    private HubStandIn _hub = null!;
    private ObjectServer _objects = null!;

    public AddressTests()
    {
        _variables = PlantedSecrets.Plant(_folder);
    }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["hub/org/rows/data"]);
        Directory.CreateDirectory(_folder["hub/private/rows"]);
        _folder.WritePool("hub/org/rows/data/train-00000-of-00002.jsonl", PoolRows);
        _folder.WritePool("hub/org/rows/data/train-00001-of-00002.jsonl", 500);
        _folder.WritePool("hub/org/rows/data/test-00000-of-00001.jsonl", 10);
        _folder.WriteTargets("targets.jsonl", 12);
        File.Copy(_folder["targets.jsonl"], _folder["hub/private/rows/targets.jsonl"]);
        _hub = new HubStandIn(_folder["hub"]);
        _web = await WebServer.StartAsync(_hub.AnswerAsync);
        _variables["HF_ENDPOINT"] = _web.Url.AbsoluteUri;
        _objects = await ObjectServer.StartAsync();
        _variables["AWS_ENDPOINT_URL"] = _objects.Url.AbsoluteUri;
        foreach (string file in Directory.GetFiles(_folder["hub/org/rows/data"], "train-*"))
        {
            await _objects.PutAsync($"rows/{Path.GetFileName(file)}", file);
        }

        await _objects.PutAsync("targets.jsonl", _folder["targets.jsonl"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _objects.DisposeAsync();
        PlantedSecrets.DisposeWithout(_folder);
    }

    [Fact]
    public async Task Select_FromEachAddress_GivesTheBytesOfFilesOnDisk()
    {
        await SelectAsync("local", ["hub/org/rows"], "targets.jsonl");
        string cdn = _web.Url.AbsoluteUri + "cdn/";
        string[] shards = ["train-00000-of-00002.jsonl", "train-00001-of-00002.jsonl"];
        await SelectAsync("dataset", ["hf://datasets/org/rows"], "hf://datasets/private/rows/targets.jsonl");
        await SelectAsync("glob", ["hf://datasets/org/rows@v1/data/train-*"], "s3://pool/targets.jsonl");
        await SelectAsync("folder", ["s3://pool/rows/"], "cooking=s3://pool/targets.jsonl");
        await SelectAsync(
            "web",
            [.. shards.Select(shard => $"{cdn}org/rows/data/{shard}")],
            $"{cdn}private/rows/targets.jsonl"
        );
        foreach (string name in new[] { "dataset", "glob", "folder", "web" })
        {
            Assert.Equal(_folder.Hash("local/selected.jsonl"), _folder.Hash($"{name}/selected.jsonl"));
        }

        Assert.True(_hub.Faults.Count > 5, $"Only {_hub.Faults.Count} answers of the hub went wrong.");
        Assert.True(_objects.Faults.Count > 2, $"Only {_objects.Faults.Count} answers of the bucket went wrong.");
        JsonNode file = _folder.Manifest("dataset")["inputs"]!["pool"]![0]!;
        Assert.Equal("hf://datasets/org/rows/data/train-00000-of-00002.jsonl", file["path"]!.GetValue<string>());
        Assert.Equal(_hub.Commit, file["version"]!.GetValue<string>());
        Assert.Equal(_folder.Hash("hub/org/rows/data/train-00000-of-00002.jsonl"), file["sha256"]!.GetValue<string>());
        Assert.StartsWith(
            "\"",
            _folder.Manifest("folder")["inputs"]!["pool"]![0]!["version"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Select_TwoPasses_FetchEachByteOnce()
    {
        _objects.Faults.AreOn = false;
        await SelectAsync("out", ["s3://pool/rows/"], "targets.jsonl");
        int requests = _objects.Requests.Count;
        long blocks = Directory
            .GetFiles(_folder["hub/org/rows/data"], "train-*")
            .Sum(file => (new FileInfo(file).Length + (1 << 20) - 1) >> 20);
        Assert.Equal(
            blocks,
            _objects.Requests.Count(request => request.StartsWith("GET /pool/rows/", StringComparison.Ordinal))
        );

        // The next run asks whether the files are the same, and reads them from disk.
        await SelectAsync("again", ["s3://pool/rows/"], "targets.jsonl", "--seed", "1");
        Assert.Equal(
            blocks,
            _objects.Requests.Count(request => request.StartsWith("GET /pool/rows/", StringComparison.Ordinal))
        );
        Assert.True(_objects.Requests.Count > requests);
        CliResult cache = await RunAsync("cache");
        Assert.Contains("s3://pool/rows/train-00000-of-00002.jsonl", cache.Out, StringComparison.Ordinal);
        await RunAsync("cache", "clear");
        Assert.DoesNotContain("s3://", (await RunAsync("cache")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_ServerWithoutRanges_IsReadOnce()
    {
        int bodies = 0;
        await using WebServer web = await WebServer.StartAsync(async context =>
        {
            byte[] all = await File.ReadAllBytesAsync(_folder["hub/org/rows/data/train-00000-of-00002.jsonl"]);
            context.Response.Headers.LastModified = "Mon, 30 Nov 2026 00:00:00 GMT";
            context.Response.ContentLength = all.Length;
            if (++bodies == 2)
            {
                await context.Response.Body.WriteAsync(all.AsMemory(0, all.Length * 3 / 4));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            await context.Response.Body.WriteAsync(all);
        });
        await SelectAsync("local", ["hub/org/rows/data/train-00000-of-00002.jsonl"], "targets.jsonl");
        await SelectAsync("out", [web.Url.AbsoluteUri + "train-00000-of-00002.jsonl"], "targets.jsonl");
        Assert.Equal(_folder.Hash("local/selected.jsonl"), _folder.Hash("out/selected.jsonl"));
    }

    [Fact]
    public async Task Verify_AfterTheWorldMovedOn_SaysSo()
    {
        _hub.Faults.AreOn = false;
        await SelectAsync("out", ["hf://datasets/org/rows"], "targets.jsonl");
        CliResult same = await TryAsync(["verify", "out"]);
        Assert.True(same.ExitCode == 0, same.Error + same.Out);
        await File.AppendAllTextAsync(
            _folder["hub/org/rows/data/train-00001-of-00002.jsonl"],
            """{"instruction":"new","output":"row"}""" + "\n",
            TestContext.Current.CancellationToken
        );
        _hub.Commit = new string('b', 40);
        CliResult moved = await TryAsync(["verify", "out"]);
        Assert.Equal(1, moved.ExitCode);
        Assert.Contains(
            $"hf://datasets/org/rows/data/train-00001-of-00002.jsonl: was read at {new string('a', 40)} and is at "
                + $"{new string('b', 40)} now",
            moved.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Select_VectorsAtAddresses_GivesTheBytesOfFilesOnDisk()
    {
        Directory.CreateDirectory(_folder["hub/org/vectors"]);
        float[][] rows =
        [
            .. Enumerable.Range(0, 3_000).Select(i => new[] { MathF.Cos(i), MathF.Sin(i), MathF.Cos(i * 0.5f) }),
        ];
        ParquetFile.Write(_folder["hub/org/vectors/a.parquet"], "embedding", rows[..2_000], 500);
        ParquetFile.Write(_folder["hub/org/vectors/b.parquet"], "embedding", rows[2_000..], 500);
        ParquetFile.Write(_folder["targets.parquet"], "embedding", rows[..7]);
        await _objects.PutAsync("vectors/a.parquet", _folder["hub/org/vectors/a.parquet"]);
        await _objects.PutAsync("vectors/b.parquet", _folder["hub/org/vectors/b.parquet"]);
        await _objects.PutAsync("targets.parquet", _folder["targets.parquet"]);
        string[] pool = ["hub/org/vectors/a.parquet", "hub/org/vectors/b.parquet"];
        await SelectVectorsAsync("local", pool, "targets.parquet");
        await SelectVectorsAsync("dataset", ["hf://datasets/org/vectors/*.parquet#embedding"], "targets.parquet");
        await SelectVectorsAsync("bucket", ["s3://pool/vectors/*.parquet"], "s3://pool/targets.parquet");
        Assert.Equal(_folder.Hash("local/lineage.jsonl"), _folder.Hash("dataset/lineage.jsonl"));
        Assert.Equal(_folder.Hash("local/lineage.jsonl"), _folder.Hash("bucket/lineage.jsonl"));
        _folder.WriteVectors("pool.npy", 900);
        _folder.WriteVectors("few.npy", 5);
        await _objects.PutAsync("pool.npy", _folder["pool.npy"]);
        await SelectVectorsAsync("npy", ["pool.npy"], "few.npy");
        await SelectVectorsAsync("npy-at-address", ["s3://pool/pool.npy"], "few.npy");
        Assert.Equal(_folder.Hash("npy/lineage.jsonl"), _folder.Hash("npy-at-address/lineage.jsonl"));
    }

    /// <summary>Many rows as public sets lie: shards of Parquet with a column of vectors.</summary>
    [Fact]
    public async Task Select_TenShardsOfParquetKilled_FetchesEachPartOnceWithinItsMemory()
    {
        const int Shards = 10;
        const int ShardRows = 20_000;
        const int Dimension = 32;
        _objects.Faults.AreOn = false;
        Directory.CreateDirectory(_folder["shards"]);
        float[][] rows = new float[ShardRows][];
        for (int shard = 0; shard < Shards; shard++)
        {
            for (int row = 0; row < ShardRows; row++)
            {
                rows[row] = new float[Dimension];
                for (int i = 0; i < Dimension; i++)
                {
                    rows[row][i] = MathF.Sin((((shard * ShardRows) + row) * 0.37f) + (i * (1 + (row % 29))));
                }
            }

            string name = $"part-{shard:D5}-of-{Shards:D5}.parquet";
            ParquetFile.Write(_folder[$"shards/{name}"], "embedding", rows, 5_000);
            await _objects.PutAsync($"shards/{name}", _folder[$"shards/{name}"]);
        }

        ParquetFile.Write(_folder["few.parquet"], "embedding", rows[..20]);
        string[] shards = [.. Directory.GetFiles(_folder["shards"]).Order(StringComparer.Ordinal)];
        await SelectVectorsAsync("local", shards, "few.parquet");
        string[] arguments =
        [
            "select",
            "--pool-vectors",
            "s3://pool/shards/*.parquet#embedding",
            "--target-vectors",
            "few.parquet",
            "--budget",
            "50",
            "--memory",
            "400MB",
            "--out",
            "bucket",
        ];
        using (CliProcess killed = Start(arguments))
        {
            while (!killed.HasExited && Fetched() < 8)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            killed.Kill();
            await killed.FinishAsync();
        }

        CliResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(_folder.Hash("local/lineage.jsonl"), _folder.Hash("bucket/lineage.jsonl"));

        // What was on its way when the process died, at most 16 parts, is the only thing that is asked for twice.
        long parts = shards.Sum(file => (new FileInfo(file).Length + (1 << 20) - 1) >> 20);
        Assert.InRange(Fetched(), parts, parts + 16);

        int Fetched() =>
            _objects.Requests.Count(request => request.StartsWith("GET /pool/shards/", StringComparison.Ordinal));
    }

    private async Task SelectVectorsAsync(string name, string[] pool, string target)
    {
        string[] arguments =
        [
            "select",
            "--pool-vectors",
            .. pool,
            "--target-vectors",
            target,
            "--budget",
            "50",
            "--out",
            name,
        ];
        CliResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static string[] Arguments(string name, string[] pool, string target, params string[] more) =>
        [
            "select",
            "--pool",
            .. pool,
            "--target",
            target,
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--out",
            name,
            .. more,
        ];

    private async Task SelectAsync(string name, string[] pool, string target, params string[] more)
    {
        CliResult result = await TryAsync(Arguments(name, pool, target, more));
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => TryAsync(arguments);

    private async Task<CliResult> TryAsync(string[] arguments)
    {
        using CliProcess process = Start(arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }

    private CliProcess Start(string[] arguments) => CliProcess.Start(_folder.Root, _variables, arguments);
}
