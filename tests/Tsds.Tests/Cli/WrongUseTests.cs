namespace Tsds.Tests.Cli;

/// <summary>Mistakes in a command line, each told in one sentence and before any long work.</summary>
public sealed class WrongUseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Shells ask so what may stand where the cursor is.</summary>
    [Theory]
    [InlineData("tsds sel", "select")]
    [InlineData("tsds select --pool-v", "--pool-vectors")]
    public async Task Suggest_LineThatIsBeingTyped_IsCompleted(string line, string expected)
    {
        RealRun run = await RealRun.RunAsync($"[suggest:{line.Length}]", line);
        Assert.Contains(expected, run.Out.Split('\n').Select(word => word.Trim()));
    }

    [Fact]
    public async Task Help_OfACommandThatDoesNotExist_IsAnError()
    {
        RealRun run = await RealRun.RunAsync("frobnicate", "--help");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("tsds: unknown command 'frobnicate'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_BelowOneMegabyte_IsToldInBytes()
    {
        (string pool, string targets) = Write();
        RealRun run = await SelectAsync(pool, targets, "--budget", "2", "--memory", "1KB");
        Assert.Contains("found 1,000 bytes.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect", "circle/pool.jsonl")]
    [InlineData("cache", "--cache", "circle/cache")]
    [InlineData("cache", "clear", "--cache", "circle/cache")]
    public async Task Path_ThatCannotBeLookedAt_IsNotCalledMissing(params string[] args)
    {
        // Links in a circle stop everyone, unlike a folder without rights, which root may enter.
        File.CreateSymbolicLink(_folder["circle"], _folder["circle"]);
        RealRun run = await RealRun.RunAsync([.. args[..^1], _folder[args[^1]]]);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("found that it cannot", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_FolderThatCannotBeWrittenTo_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /sys.");
        RealRun run = await RealRun.RunAsync("embed", "--pool", Write().Pool, "--out", "/sys/new");
        Assert.Contains("Expected a folder that can be written to at /sys/new", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("reading", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_AboveThePool_IsRefusedBeforeEmbedding()
    {
        (string pool, string targets) = Write();
        RealRun run = await SelectAsync(pool, targets, "--budget", "5000");
        Assert.Contains("at most the pool's 12 rows, found 5,000", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("embedding: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_AboveTheDifferentRows_NamesThemBeforeEmbedding()
    {
        (string pool, string targets) = Write();
        await File.AppendAllLinesAsync(pool, [.. File.ReadLines(pool).Take(2)], TestContext.Current.CancellationToken);
        RealRun run = await SelectAsync(pool, targets, "--budget", "13");
        Assert.Contains("at most the pool's 12 different rows, found 13", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("embedding: ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Mistakes that the command line and the folders show are refused before the plan is printed.</summary>
    [Theory]
    [InlineData("--exclude-rows", "nowhere.txt", "Expected a file of row numbers at ")]
    [InlineData("--keep-rows", "nowhere.txt", "Expected a file of row numbers at ")]
    [InlineData("--out", "", "to be empty, found files in it")]
    public async Task Select_WhatCannotBe_IsRefusedBeforeThePlan(string option, string path, string expected)
    {
        (string pool, string targets) = Write();
        string[] line = ["select", "--pool", pool, "--target", targets, "--budget", "2"];
        string[] output = option == "--out" ? [] : ["--out", _folder["out"]];
        RealRun run = await RealRun.RunAsync([.. line, .. output, option, _folder[path]]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Plan", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explore_UnknownOption_IsNotTakenForAFolder()
    {
        RealRun run = await RealRun.RunAsync("explore", _folder.Root, "--no-open");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("tsds: unknown option '--no-open'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_RowsThatWereChangedSince_IsSaid()
    {
        (string pool, string targets) = Write();
        Assert.Equal(0, (await SelectAsync(pool, targets, "--budget", "3")).ExitCode);
        string[] line = ["export", _folder["out"], "--to", "trl", "--force"];
        Assert.Equal("", (await RealRun.RunAsync(line)).Error);

        await File.AppendAllLinesAsync(
            _folder["out/selected.jsonl"],
            ["""{"text":"a row by hand"}"""],
            TestContext.Current.CancellationToken
        );
        RealRun run = await RealRun.RunAsync(line);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("found that it was changed since", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"edited\":true", (await RealRun.RunAsync([.. line, "--json"])).Out, StringComparison.Ordinal);
    }

    /// <summary>One row is no "1 rows", and what nobody can tell is not told in figures.</summary>
    [Fact]
    public async Task Select_PoolOfOneRow_SpeaksOfOne()
    {
        (string pool, string targets) = Write();
        await File.WriteAllTextAsync(pool, File.ReadLines(pool).First(), TestContext.Current.CancellationToken);
        RealRun run = await SelectAsync(pool, targets, "--budget", "1");
        Assert.Contains("proven optimal over the only row: primal", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("the 1 candidates", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("1 rows", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("about 0 rows", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_RowThatIsNotThere_IsRefusedBeforeEmbedding()
    {
        (string pool, string targets) = Write();
        Assert.Equal(0, (await SelectAsync(pool, targets, "--budget", "2")).ExitCode);
        RealRun run = await RealRun.RunAsync("explain", _folder["out"], "row:999999");
        Assert.Contains("Expected a row from 0 to 11, found 999999.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("embedding: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1}", "verify")]
    [InlineData("{\"a\":1}", "explain", "row:1")]
    [InlineData("{\"a\":1}", "export", "--to", "trl")]
    [InlineData("junk", "verify")]
    [InlineData("junk", "export", "--to", "trl")]
    public async Task Manifest_OfSomethingElse_IsNamedAlikeByEveryCommand(
        string manifest,
        string command,
        params string[] more
    )
    {
        string file = _folder["manifest.json"];
        await File.WriteAllTextAsync(file, manifest, TestContext.Current.CancellationToken);
        File.Copy(Write().Pool, _folder["selected.jsonl"]);
        RealRun run = await RealRun.RunAsync([command, _folder.Root, .. more]);
        Assert.Equal(
            $"tsds: Expected a manifest of tsds at {file}, found something else; select again to get one.\n",
            run.Error
        );
    }

    [Fact]
    public async Task Inspect_EmptyFileAndRowsThatAllRefuse_HasNoEmptyLineAndNoneTwice()
    {
        string empty = _folder["empty.jsonl"];
        string questions = _folder["questions.jsonl"];
        await File.WriteAllTextAsync(empty, "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            questions,
            """{"messages":[{"role":"user","content":"Anyone?"}]}""" + "\n",
            TestContext.Current.CancellationToken
        );
        string[] lines = (await RealRun.RunAsync("inspect", empty, questions)).Out.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.False(line.Trim() is "schema" or "scripts", line));
        string[] refusals = [.. lines.Where(line => line.Contains(" expected ", StringComparison.Ordinal))];
        Assert.NotEmpty(refusals);
        Assert.Equal(refusals.Distinct(), refusals);
    }

    private (string Pool, string Targets) Write()
    {
        string pool = _folder["pool.jsonl"];
        string targets = _folder["targets.jsonl"];
        File.WriteAllLines(
            pool,
            Enumerable.Range(0, 12).Select(i => $$"""{"text":"row {{i}} about bread, number {{i}}"}""")
        );
        File.WriteAllLines(targets, ["""{"text":"bread and butter"}""", """{"text":"a row of numbers"}"""]);
        return (pool, targets);
    }

    private Task<RealRun> SelectAsync(string pool, string targets, params string[] more) =>
        RealRun.RunAsync([
            "select",
            "--pool",
            pool,
            "--target",
            targets,
            "--embedder",
            "lexical",
            "--no-cache",
            "--out",
            _folder["out"],
            .. more,
        ]);
}
