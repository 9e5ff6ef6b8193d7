using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>Ready-made embeddings in every format that the world stores them in.</summary>
public sealed class VectorTests : IDisposable
{
    private const int Dimension = 2;
    private const int PoolRows = 120;

    private readonly TestFolder _folder = new();
    private readonly float[] _pool = Circle(PoolRows, 0);
    private readonly float[] _targets = Circle(4, 0.3);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v.safetensors")]
    [InlineData("v.safetensors#embeddings")]
    [InlineData("v.pt")]
    [InlineData("v.parquet")]
    [InlineData("v.parquet#vector")]
    [InlineData("v w.pth")]
    public async Task Select_AnyFormat_SelectsWhatNpySelects(string source)
    {
        Write("pool.npy", _pool);
        Write("targets.npy", _targets);
        await SelectAsync("expected", "pool.npy", "targets.npy");
        (string file, string name) = source.Contains('#', StringComparison.Ordinal)
            ? (
                source[..source.IndexOf('#', StringComparison.Ordinal)],
                source[source.IndexOf('#', StringComparison.Ordinal)..]
            )
            : (source, "");
        Write("pool-" + file, _pool);
        Write("targets-" + file, _targets);

        await SelectAsync("out", "pool-" + file + name, "targets-" + file + name);

        foreach (string output in new[] { "selected.npy", "lineage.jsonl", "targets.jsonl", "path.csv" })
        {
            Assert.Equal(_folder.Hash("expected/" + output), _folder.Hash("out/" + output));
        }

        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(
            _folder.Hash("pool-" + file),
            manifest["inputs"]!["poolVectors"]![0]!["sha256"]!.GetValue<string>()
        );
        Assert.Equal(PoolRows, manifest["inputs"]!["poolVectors"]![0]!["rows"]!.GetValue<int>());
        Assert.Equal(
            [
                "clusters.jsonl",
                "lineage.jsonl",
                "manifest.json",
                "path.csv",
                "report.html",
                "selected.npy",
                "targets.jsonl",
            ],
            [.. Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order()]
        );
    }

    /// <summary>
    /// A folder as LESS leaves it: gradient features of each checkpoint of a warm-up run, for training data and for a
    /// task.
    /// </summary>
    [Fact]
    public async Task Select_GradientFeaturesOfSeveralCheckpoints_SelectsTheRowsOfTheTask()
    {
        // Rows 0 to 9 point to the task in the first checkpoint alone, 10 to 19 in both, the others in none.
        const int Rows = 60;
        foreach (string checkpoint in new[] { "ckpt105", "ckpt211" })
        {
            Random random = new(checkpoint.Length + checkpoint[^1]);
            int aligned = checkpoint == "ckpt105" ? 0 : 10;
            float[] train =
            [
                .. Enumerable.Range(0, Rows).SelectMany(row => Gradient(random, row >= aligned && row < 20)),
            ];
            WriteGradients($"train/dolly-{checkpoint}/dim64/all_orig.pt", train);
            WriteGradients(
                $"eval/bbh-{checkpoint}-sgd/dim64/all_orig.pt",
                [.. Enumerable.Range(0, 3).SelectMany(_ => Gradient(random, true))]
            );
        }

        await SelectAsync(
            "out",
            "train/dolly-ckpt105/dim64/all_orig.pt:1.7e-5,train/dolly-ckpt211/dim64/all_orig.pt:1.3e-5",
            "eval/bbh-ckpt105-sgd/dim64/all_orig.pt:1.7e-5,eval/bbh-ckpt211-sgd/dim64/all_orig.pt:1.3e-5",
            "--budget",
            "10",
            "--regularizer",
            "uniform",
            "--sampling",
            "top"
        );

        byte[] selected = await File.ReadAllBytesAsync(
            _folder["out/selected.npy"],
            TestContext.Current.CancellationToken
        );
        long[] ids = MemoryMarshal.Cast<byte, long>(selected.AsSpan(selected.Length - (10 * sizeof(long)))).ToArray();
        Assert.Equal(Enumerable.Range(10, 10).Select(row => (long)row), ids);
        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(2, manifest["inputs"]!["poolVectors"]!.AsArray().Count);
        Assert.Equal(128, manifest["embedding"]!["dimension"]!.GetValue<int>());
    }

    [Fact]
    public async Task Index_OfACombination_IsUsedForThatCombinationAlone()
    {
        Write("a.pt", _pool);
        Write("b.parquet", [.. _pool.Select(value => -value)]);
        Write("t.pt", _targets);
        await SucceedAsync("index", "--pool-vectors", "a.pt:1,b.parquet:2", "--out", "index");

        CliResult same = await SelectAsync(
            "same",
            "a.pt:1,b.parquet:2",
            "t.pt:1,t.pt:2",
            "--index",
            "index",
            "--center",
            "off"
        );
        CliResult other = await SelectAsync(
            "other",
            "a.pt:2,b.parquet:2",
            "t.pt:2,t.pt:2",
            "--index",
            "index",
            "--center",
            "off"
        );
        await SelectAsync("without", "a.pt:1,b.parquet:2", "t.pt:1,t.pt:2", "--center", "off");

        Assert.Contains("used: index", same.Out, StringComparison.Ordinal);
        Assert.Contains("ignored: index was built from other vectors", other.Out, StringComparison.Ordinal);
        Assert.Equal(_folder.Hash("without/lineage.jsonl"), _folder.Hash("same/lineage.jsonl"));
    }

    [Theory]
    [InlineData("hostile.pt", "names 'os.system', of which nothing was run")]
    [InlineData("nan.pt", "nan.pt row 7, column 1: expected a finite number, found NaN")]
    [InlineData("nan.parquet", "nan.parquet row 7, column 1: expected a finite number, found NaN")]
    [InlineData("nan.safetensors", "nan.safetensors row 7, column 1: expected a finite number, found NaN")]
    [InlineData("cut.pt", "a damaged one")]
    [InlineData("cut.safetensors", "truncated")]
    [InlineData("cut.parquet", "cannot be read")]
    [InlineData("missing.pt", "Expected a file of embeddings at missing.pt, found none")]
    [InlineData("good.pt:1,good.pt", "Expected a weight for each combined file, found none for 'good.pt'")]
    [InlineData("good.pt:1", "pool and targets must be combined alike")]
    public async Task Select_UnusableVectors_IsOneSentence(string source, string expected)
    {
        float[] bad = [.. _pool];
        bad[(7 * Dimension) + 1] = float.NaN;
        Write("good.pt", _pool);
        Write("nan.pt", bad);
        Write("nan.parquet", bad);
        Write("nan.safetensors", bad);
        TorchFile.Write(_folder["hostile.pt"], [0x80, 2, .. "cos\nsystem\nX\u0006\0\0\0touch x\u0085R."u8], []);
        foreach (string file in new[] { "cut.pt", "cut.safetensors", "cut.parquet" })
        {
            Write(file, _pool);
            byte[] whole = await File.ReadAllBytesAsync(_folder[file], TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(_folder[file], whole[..^100], TestContext.Current.CancellationToken);
        }

        Write("targets.npy", _targets);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool-vectors",
            source,
            "--target-vectors",
            "targets.npy",
            "--budget",
            "5",
            "--out",
            "out"
        );

        Assert.Equal(1, result.ExitCode);
        string sentence = result.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("tsds: ", sentence, StringComparison.Ordinal);
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static float[] Circle(int rows, double turn) =>
        [
            .. Enumerable
                .Range(0, rows)
                .SelectMany(row =>
                {
                    double angle = (2 * Math.PI * row / rows) + turn;
                    return new[] { (float)Math.Cos(angle), (float)Math.Sin(angle) };
                }),
        ];

    private static float[] Gradient(Random random, bool isAligned) =>
        [
            .. Enumerable
                .Range(0, 64)
                .Select(i =>
                    (float)((random.NextDouble() - 0.5) * 0.2)
                    + (isAligned && i < 8 ? 1 : 0)
                    + (!isAligned && i >= 56 ? 1 : 0)
                ),
        ];

    private void WriteGradients(string name, float[] values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        TorchFile.Write(_folder[name], 64, values);
    }

    private void Write(string name, float[] values)
    {
        string path = _folder[name];
        switch (Path.GetExtension(name))
        {
            case ".npy":
                using (NpyWriter writer = new(path, Dimension))
                {
                    writer.Append(values);
                    writer.Complete();
                }

                break;
            case ".safetensors":
                SafetensorsFile.Write(path, Dimension, values);
                break;
            case ".parquet":
                ParquetFile.Write(path, "vector", values.Chunk(Dimension).ToArray(), groupRows: 50);
                break;
            default:
                TorchFile.Write(path, Dimension, values);
                break;
        }
    }

    private Task<CliResult> SelectAsync(string output, string pool, string targets, params string[] more) =>
        SucceedAsync([
            "select",
            "--pool-vectors",
            pool,
            "--target-vectors",
            targets,
            "--out",
            output,
            .. more.Contains("--budget") ? more : ["--budget", "12", .. more],
        ]);

    private Task<CliResult> SucceedAsync(params string[] arguments) => CliProcess.SucceedAsync(_folder.Root, arguments);
}
