using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The content of the files of a bundle, and their agreement with one another.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PreparedSelection _prepared;

    public BundleTests(PreparedSelection prepared)
    {
        _prepared = prepared;
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lineage_EveryReachedRow_StandsWhereItSays()
    {
        await _prepared.CopyToAsync(_folder);

        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        string[] selected = await File.ReadAllLinesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        JsonNode[] lineage = await ReadLinesAsync("out/lineage.jsonl");
        JsonNode[] targets = await ReadLinesAsync("out/targets.jsonl");
        Assert.Equal(1, lineage.Sum(line => line["probability"]!.GetValue<double>()), 1e-12);
        List<string> drawn = [];
        long before = -1;
        foreach (JsonNode line in lineage)
        {
            long row = line["row"]!.GetValue<long>();
            string text = pool[line["line"]!.GetValue<int>() - 1];
            Assert.True(row > before);
            before = row;
            Assert.Equal(row + 1, line["line"]!.GetValue<long>());
            Assert.Equal("pool.jsonl", line["file"]!.GetValue<string>());
            Assert.Contains($"\"id\":\"{line["id"]!.GetValue<string>()}\"", text, StringComparison.Ordinal);
            Assert.True(line["density"]!.GetValue<double>() >= 1);
            JsonArray pulls = line["targets"]!.AsArray();
            Assert.NotEmpty(pulls);
            double[] masses = [.. pulls.Select(pull => pull!["mass"]!.GetValue<double>())];
            Assert.Equal(masses.OrderDescending(), masses);
            Assert.All(
                pulls,
                pull =>
                    Assert.True(
                        pull!["distance"]!.GetValue<double>()
                            <= targets[pull["target"]!.GetValue<int>()]["waterLevel"]!.GetValue<double>() + 1e-9
                    )
            );
            if (line["count"]!.GetValue<long>() > 0)
            {
                drawn.Add(text);
            }
        }

        Assert.Equal(drawn, selected);
    }

    [Fact]
    public async Task Targets_EachOne_TellsWhereItsMassGoes()
    {
        await _prepared.CopyToAsync(_folder);

        JsonNode[] targets = await ReadLinesAsync("out/targets.jsonl");
        Assert.Equal(6, targets.Length);
        for (int i = 0; i < targets.Length; i++)
        {
            Assert.Equal($"t{i}", targets[i]["id"]!.GetValue<string>());
            Assert.Equal(1, targets[i]["sources"]!.AsObject().Sum(source => source.Value!.GetValue<double>()), 1e-9);
            Assert.True(
                targets[i]["waterLevel"]!.GetValue<double>() >= targets[i]["nearestDistance"]!.GetValue<double>()
            );
        }
    }

    /// <summary>A manifest is a configuration file: it makes the same selection again, and flags win over it.</summary>
    [Fact]
    public async Task Manifest_AsConfiguration_MakesTheSameSelection()
    {
        await SucceedAsync(
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "20",
            "--alpha",
            "0.4",
            "--sampling",
            "multinomial",
            "--seed",
            "7",
            "--out",
            "out"
        );
        await SucceedAsync("--config", "out/manifest.json", "--out", "again");
        await SucceedAsync("--config", "out/manifest.json", "--seed", "8", "--out", "other");
        foreach (
            string file in new[]
            {
                "selected.jsonl",
                "lineage.jsonl",
                "targets.jsonl",
                "clusters.jsonl",
                "path.csv",
                "report.html",
            }
        )
        {
            Assert.Equal(_folder.Hash("out/" + file), _folder.Hash("again/" + file));
        }

        Assert.NotEqual(_folder.Hash("out/selected.jsonl"), _folder.Hash("other/selected.jsonl"));
    }

    [Fact]
    public async Task Manifest_HashesAndPath_AreThoseOfTheFiles()
    {
        await _prepared.CopyToAsync(_folder);

        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(_folder.Hash("pool.jsonl"), manifest["inputs"]!["pool"]![0]!["sha256"]!.GetValue<string>());
        Assert.Equal(_folder.Hash("targets.jsonl"), manifest["inputs"]!["targets"]![0]!["sha256"]!.GetValue<string>());
        Assert.Equal(_folder.Hash("out/selected.jsonl"), manifest["selection"]!["sha256"]!.GetValue<string>());
        JsonNode solution = manifest["solution"]!;
        Assert.True(Math.Abs(solution["gap"]!.GetValue<double>()) <= 1e-9);

        // The chosen plan is a point of the path, and the resolved options give it again.
        string[] path = await File.ReadAllLinesAsync(_folder["out/path.csv"], TestContext.Current.CancellationToken);
        double chosen = solution["effectiveNeighbors"]!.GetValue<double>();
        Assert.Equal("alpha,tradeoff,effectiveNeighbors,transportCost,support,expectedDistinct", path[0]);
        Assert.Contains(
            path.Skip(1),
            line => double.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture) == chosen
        );
        await SucceedAsync(
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "15",
            "--out",
            "again",
            "--alpha",
            manifest["options"]!["alpha"]!.ToJsonString(),
            "--scale",
            manifest["options"]!["scale"]!.ToJsonString(),
            "--bandwidth",
            manifest["options"]!["bandwidth"]!.ToJsonString()
        );

        // The path may reach less far: how far depends on what the search for the scale had to fetch.
        foreach (string file in new[] { "selected.jsonl", "lineage.jsonl", "targets.jsonl" })
        {
            Assert.Equal(_folder.Hash("out/" + file), _folder.Hash("again/" + file));
        }
    }

    [Fact]
    public async Task Multinomial_RepeatedRows_AreWrittenAsOftenAsDrawn()
    {
        await SucceedAsync(
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "40",
            "--neighbors",
            "2",
            "--sampling",
            "multinomial",
            "--out",
            "out"
        );

        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        string[] selected = await File.ReadAllLinesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        JsonNode[] lineage = await ReadLinesAsync("out/lineage.jsonl");
        Assert.Equal(40, selected.Length);
        Assert.Contains(lineage, line => line["count"]!.GetValue<long>() > 1);
        Assert.Equal(
            lineage.SelectMany(line =>
                Enumerable.Repeat(pool[line["row"]!.GetValue<int>()], line["count"]!.GetValue<int>())
            ),
            selected
        );
    }

    [Fact]
    public async Task CompressedAndSplitFiles_SelectTheRowsOfThePlainOne()
    {
        string[] rows = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_folder["parts of it"]);
        await File.WriteAllLinesAsync(
            _folder["parts of it/a.jsonl"],
            rows[..100],
            TestContext.Current.CancellationToken
        );
        using (
            StreamWriter writer = new(
                new GZipStream(File.Create(_folder["parts of it/b.jsonl.gz"]), CompressionLevel.Fastest)
            )
        )
        {
            foreach (string row in rows[100..])
            {
                await writer.WriteAsync(row + "\n");
            }
        }

        await SucceedAsync("--pool", "pool.jsonl", "--target", "targets.jsonl", "--budget", "20", "--out", "plain");
        await SucceedAsync("--pool", "parts of it", "--target", "targets.jsonl", "--budget", "20", "--out", "parts");
        Assert.Equal(_folder.Hash("plain/selected.jsonl"), _folder.Hash("parts/selected.jsonl"));
    }

    [Fact]
    public async Task RowsWithVectors_OfAnotherNumber_AreRefused()
    {
        _folder.WriteVectors("pool.npy", 299);
        _folder.WriteVectors("targets.npy", 6);
        CliResult result = await RunAsync(
            "--pool",
            "pool.jsonl",
            "--pool-vectors",
            "pool.npy",
            "--target",
            "targets.jsonl",
            "--target-vectors",
            "targets.npy",
            "--budget",
            "5",
            "--out",
            "out"
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("each of the 300 rows of --pool, found 299", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task RowsWithVectors_OfTheSameNumber_SelectRows()
    {
        _folder.WriteVectors("pool.npy", 300);
        _folder.WriteVectors("targets.npy", 6);
        await SucceedAsync(
            "--pool",
            "pool.jsonl",
            "--pool-vectors",
            "pool.npy",
            "--target",
            "targets.jsonl",
            "--target-vectors",
            "targets.npy",
            "--budget",
            "12",
            "--out",
            "out"
        );
        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        string[] selected = await File.ReadAllLinesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        Assert.Equal(12, selected.Length);
        Assert.All(selected, row => Assert.Contains(row, pool));
    }

    /// <summary>
    /// Embedding, neighbors, densities, solution and draw: the same bytes with narrower vectors, and with none.
    /// </summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task InstructionSet_SwitchedOff_ChangesNoByte(string variable)
    {
        string[] options = ["select", "--pool", "pool.jsonl", "--target", "targets.jsonl", "--budget", "20", "--out"];
        CliResult with = await CliProcess.RunAsync(_folder.Root, "", [.. options, "with"]);
        CliResult without = await CliProcess.RunAsync(_folder.Root, variable, [.. options, "without"]);
        Assert.Equal("", with.ExitCode == 0 && without.ExitCode == 0 ? "" : with.Error + without.Error);
        foreach (
            string file in new[]
            {
                "selected.jsonl",
                "lineage.jsonl",
                "targets.jsonl",
                "clusters.jsonl",
                "path.csv",
                "report.html",
            }
        )
        {
            Assert.Equal(_folder.Hash("with/" + file), _folder.Hash("without/" + file));
        }
    }

    [Theory]
    [InlineData("alpha", "--alpha", "1", "--scale", "2", "--budget", "50")]
    [InlineData("memory", "--memory", "1MB", "--budget", "5")]
    [InlineData("at most the pool's 300 rows", "--budget", "301")]
    public async Task ImpossibleSelection_IsOneSentence(string part, params string[] options)
    {
        CliResult result = await RunAsync([
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--out",
            "out",
            .. options,
        ]);
        Assert.Equal(1, result.ExitCode);
        string sentence = result.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("tsds: ", sentence, StringComparison.Ordinal);
        Assert.Contains(part, sentence, StringComparison.Ordinal);
        Assert.Equal(
            ["pool.jsonl", "targets.jsonl"],
            [.. Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order()]
        );
    }

    private Task<CliResult> RunAsync(params string[] options) =>
        CliProcess.RunAsync(_folder.Root, ["select", .. options]);

    private Task SucceedAsync(params string[] options) => CliProcess.SucceedAsync(_folder.Root, ["select", .. options]);

    private async Task<JsonNode[]> ReadLinesAsync(string name) =>
        [
            .. (await File.ReadAllLinesAsync(_folder[name], TestContext.Current.CancellationToken)).Select(line =>
                JsonNode.Parse(line)!
            ),
        ];
}
