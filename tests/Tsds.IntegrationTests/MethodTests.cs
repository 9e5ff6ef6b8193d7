using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>
/// Selections by the methods that optimal transport is compared with: the same bundle, the same verbs.
/// </summary>
public sealed class MethodTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public MethodTests()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("random")]
    [InlineData("bm25")]
    [InlineData("max-sim")]
    public async Task Method_Rows_WritesTheBundleAndVerifies(string method)
    {
        await SucceedAsync(SelectCommand.Rows("out", "--method", method, "--budget", "5%", "--seed", "7"));

        string[] pool = await ReadAsync("pool.jsonl");
        JsonNode[] lineage = [.. (await ReadAsync("out/lineage.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(15, lineage.Length);
        Assert.Equal(await ReadAsync("out/selected.jsonl"), lineage.Select(line => pool[line["row"]!.GetValue<int>()]));
        Assert.Equal(Enumerable.Range(1, 15), lineage.Select(line => line["rank"]!.GetValue<int>()).Order());
        Assert.All(lineage, line => Assert.Equal(method == "random", line["score"] is null));

        // A target has no row nearer in the selection than in the pool.
        JsonNode[] targets = [.. (await ReadAsync("out/targets.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(6, targets.Length);
        Assert.All(
            targets,
            target =>
                Assert.True(
                    target["nearestDistance"]!.GetValue<double>() <= target["selectedDistance"]!.GetValue<double>()
                )
        );
        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(method, manifest["options"]!["method"]!.GetValue<string>());
        Assert.Null(manifest["solution"]);
        Assert.False(File.Exists(_folder["out/path.csv"]));

        CliResult verified = await SucceedAsync("verify", "out");
        Assert.Contains($"none: {method} chooses rows without a proof", verified.Out, StringComparison.Ordinal);
        Assert.Contains(
            "selected.jsonl, lineage.jsonl, targets.jsonl, clusters.jsonl, report.html are the same bytes",
            verified.Out,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// Everything is chosen, and three rows are there twice: the copy that the method chose first stands for both.
    /// </summary>
    [Fact]
    public async Task Method_CopiesAmongTheChosen_AreClusters()
    {
        string[] pool = await ReadAsync("pool.jsonl");
        await File.WriteAllLinesAsync(
            _folder["pool.jsonl"],
            [.. pool[..60], .. pool[..3]],
            TestContext.Current.CancellationToken
        );
        await SucceedAsync(SelectCommand.Rows("out", "--method", "max-sim", "--budget", "100%"));

        JsonNode[] clusters = [.. (await ReadAsync("out/clusters.jsonl")).Select(line => JsonNode.Parse(line)!)];
        JsonNode[] lineage = [.. (await ReadAsync("out/lineage.jsonl")).Select(line => JsonNode.Parse(line)!)];
        for (int row = 0; row < 3; row++)
        {
            JsonNode cluster = clusters[lineage[row]["cluster"]!.GetValue<int>()];
            int[] members = [.. cluster["members"]!.AsArray().Select(member => member!["row"]!.GetValue<int>())];
            Assert.Contains(row, members);
            Assert.Contains(60 + row, members);
            Assert.Equal(
                cluster["representative"]!.GetValue<int>(),
                members.MinBy(member => lineage[member]["rank"]!.GetValue<int>())
            );
            Assert.Equal(members.Length, cluster["drawn"]!.GetValue<int>());
        }

        Assert.All(
            lineage,
            line =>
                Assert.Equal(
                    line["cluster"]?.GetValue<int>(),
                    clusters
                        .SingleOrDefault(cluster =>
                            cluster["members"]!
                                .AsArray()
                                .Any(member => member!["row"]!.GetValue<int>() == line["row"]!.GetValue<int>())
                        )
                        ?["cluster"]!.GetValue<int>()
                )
        );
    }

    [Fact]
    public async Task Method_ManifestAsConfigAndThreads_SelectsTheSameBytes()
    {
        await SucceedAsync(SelectCommand.Rows("one", "--method", "dsir", "--budget", "20", "--threads", "1"));
        await SucceedAsync("select", "--config", "one/manifest.json", "--threads", "2", "--out", "two");
        foreach (string file in new[] { "selected.jsonl", "lineage.jsonl", "targets.jsonl" })
        {
            Assert.Equal(await ReadAsync("one/" + file), await ReadAsync("two/" + file));
        }
    }

    [Fact]
    public async Task Method_Vectors_WritesIdsAndExports()
    {
        _folder.WriteVectors("pool.npy", 300);
        _folder.WriteVectors("targets.npy", 6);
        await SucceedAsync(SelectCommand.Vectors("ids", "--method", "less", "--budget", "9"));
        Assert.True(File.Exists(_folder["ids/selected.npy"]));

        await SucceedAsync(
            SelectCommand.Rows(
                "rows",
                "--method",
                "kcenter",
                "--pool-vectors",
                "pool.npy",
                "--target-vectors",
                "targets.npy",
                "--budget",
                "9"
            )
        );
        await SucceedAsync("export", "rows", "--to", "trl", "--out", "exported");
        Assert.Equal(
            9,
            (
                await ReadAsync(
                    Path.GetFileName(Directory.GetFiles(_folder["exported"], "*.jsonl").Single()),
                    "exported"
                )
            ).Length
        );
    }

    [Fact]
    public async Task Method_ExcludedRows_AreNotChosen()
    {
        await File.WriteAllLinesAsync(
            _folder["test.jsonl"],
            (await ReadAsync("pool.jsonl")).Take(100),
            TestContext.Current.CancellationToken
        );
        await SucceedAsync(
            SelectCommand.Rows(
                "out",
                "--method",
                "random-balanced",
                "--exclude",
                "test.jsonl",
                "--exclude-distance",
                "0",
                "--budget",
                "30"
            )
        );
        string[] sources =
        [
            .. (await ReadAsync("out/lineage.jsonl")).Select(line =>
                JsonNode.Parse(line)!["source"]!.GetValue<string>()
            ),
        ];
        Assert.Equal([10, 10, 10], sources.CountBy(source => source).Select(pair => pair.Value));
        Assert.Empty((await ReadAsync("out/selected.jsonl")).Intersect(await ReadAsync("test.jsonl")));
    }

    [Fact]
    public async Task KnnUniform_Select_IsTheUniformRegularizerWithItsCertificate()
    {
        await SucceedAsync(SelectCommand.Rows("named", "--method", "knn-uniform", "--budget", "20"));
        await SucceedAsync(SelectCommand.Rows("said", "--regularizer", "uniform", "--budget", "20"));
        Assert.Equal(await ReadAsync("said/lineage.jsonl"), await ReadAsync("named/lineage.jsonl"));
        Assert.True(
            JsonNode.Parse(
                await File.ReadAllTextAsync(_folder["named/manifest.json"], TestContext.Current.CancellationToken)
            )!["solution"]!["certified"]!.GetValue<bool>()
        );
    }

    [Fact]
    public async Task Explain_SelectionWithoutPlan_SaysWhatThereIs()
    {
        await SucceedAsync(SelectCommand.Rows("out", "--method", "rds+", "--budget", "9"));
        CliResult result = await RunAsync("explain", "out", "row:1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("one by rds+, which has no plan to explain", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--alpha means nothing to the method random", "--method", "random", "--alpha", "0.5")]
    [InlineData("--bandwidth means nothing to the method knn-uniform", "--method", "knn-uniform", "--bandwidth", "0.5")]
    [InlineData("--method: expected a method, one of tsds, knn-uniform, random", "--method", "randon")]
    [InlineData("budget in rows or percent for max-sim", "--method", "max-sim", "--budget", "1ktok")]
    [InlineData("gradient features for less, found rows alone", "--method", "less")]
    public async Task Method_WhatItCannotDo_IsOneSentence(string part, params string[] options)
    {
        string[] budget = options.Contains("--budget") ? [] : ["--budget", "9"];
        CliResult result = await RunAsync(SelectCommand.Rows("out", [.. budget, .. options]));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(part, result.Error.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private Task<CliResult> RunAsync(params string[] args) => CliProcess.RunAsync(_folder.Root, args);

    private Task<CliResult> SucceedAsync(params string[] args) => CliProcess.SucceedAsync(_folder.Root, args);

    private Task<string[]> ReadAsync(string name, string folder = "") =>
        File.ReadAllLinesAsync(_folder[Path.Combine(folder, name)], TestContext.Current.CancellationToken);
}
