namespace Tsds.IntegrationTests;

/// <summary>A selection whose searches are run by jobs of a batch scheduler.</summary>
public sealed class BatchTests : IDisposable
{
    private const int PartsNeeded = 2;

    private static readonly string[] Selection =
    [
        "--pool-vectors",
        "store",
        "--target",
        "targets.jsonl",
        "--budget",
        "40",
    ];
    private static readonly string[] Merge = ["merge", "--work", "work", .. Selection, "--out", "merged"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Two tasks see the pool through two views, each of which is asked in a round of its own.</summary>
    [Theory]
    [InlineData()]
    [InlineData("b=more.jsonl")]
    public async Task Merge_OfTwoShards_IsTheSelectionOfOneMachine(params string[] secondTask)
    {
        await WriteStoreAsync();
        string[] tasks = secondTask.Length > 0 ? ["--target", .. secondTask] : [];
        await SucceedAsync(["select", .. Selection, .. tasks, "--out", "local"]);
        Assert.Contains(
            "\"targetShare\":",
            File.ReadAllText(Path.Combine(_folder["local"], "lineage.jsonl")),
            StringComparison.Ordinal
        );
        string[] asked = [.. Merge, .. tasks];
        int rounds = 0;
        CliResult merge = await RunAsync(asked);
        for (; merge.ExitCode == PartsNeeded; merge = await RunAsync(asked))
        {
            string stage = merge.Out.Trim();
            Assert.Contains(
                $"round {++rounds} asks for {stage}: run 'tsds shard {stage} --work work --index I --of N'",
                merge.Error,
                StringComparison.Ordinal
            );
            Assert.Contains("Wrote work", await SucceedAsync(Shard(stage, 0)), StringComparison.Ordinal);
            Assert.Contains("Wrote work", await SucceedAsync(Shard(stage, 1)), StringComparison.Ordinal);
        }

        Assert.Equal("", merge.ExitCode == 0 ? "" : merge.Error);
        Assert.True(rounds >= 2, "The selection asked for neighbors and densities.");
        Bundle.AssertSame(_folder["local"], _folder["merged"]);
    }

    [Fact]
    public async Task Merge_MissingOrDamagedPart_NamesItAndTheShardRepairsIt()
    {
        await WriteStoreAsync();
        await RunAsync(Merge);
        await SucceedAsync(Shard("neighbors", 1));
        CliResult missing = await RunAsync(Merge);
        Assert.Equal(PartsNeeded, missing.ExitCode);
        Assert.Contains(
            "round 1 expected 2 parts, found 1: run 'tsds shard neighbors --work work --index I --of 2' for I = 0,",
            missing.Error,
            StringComparison.Ordinal
        );

        await SucceedAsync(Shard("neighbors", 0));
        string part = Directory.GetFiles(_folder["work"], "*.part-0001-of-0002").Single();
        byte[] whole = File.ReadAllBytes(part);
        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 1;
        File.WriteAllBytes(part, damaged);
        CliResult named = await RunAsync(Merge);
        Assert.Equal(PartsNeeded, named.ExitCode);
        Assert.Contains(
            $"({Path.Combine("work", Path.GetFileName(part))} damaged)",
            named.Error,
            StringComparison.Ordinal
        );

        Assert.Contains("was finished already", await SucceedAsync(Shard("neighbors", 0)), StringComparison.Ordinal);
        Assert.Contains("Wrote", await SucceedAsync(Shard("neighbors", 1)), StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(part));
        Assert.Contains("round 2 asks for", (await RunAsync(Merge)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shard_WithoutItsRequestOrVectors_SaysWhatIsWrong()
    {
        await WriteStoreAsync();
        Assert.Contains(
            "Expected a request in work, found none",
            await FailAsync(Shard("neighbors", 0)),
            StringComparison.Ordinal
        );
        await RunAsync(Merge);
        Assert.Contains(
            "which round 1 in work asks for, found density",
            await FailAsync(Shard("density", 0)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Expected --index from 0 to 1",
            await FailAsync(Shard("neighbors", 2)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "found that it asks for something else in round 1",
            await FailAsync([.. Merge, "--normalize", "none"]),
            StringComparison.Ordinal
        );

        string vectors = Directory.GetFiles(_folder["store"], "000000-*.npy").Single();
        byte[] damaged = File.ReadAllBytes(vectors);
        damaged[^1] ^= 1;
        File.WriteAllBytes(vectors, damaged);
        Assert.Contains(
            $"Expected the vectors in {Path.Combine("store", Path.GetFileName(vectors))} as they were written",
            await FailAsync(Shard("neighbors", 0)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("merge --pool-vectors store --target targets.jsonl --budget 1 --out out", "--work is needed")]
    [InlineData(
        "merge --work work --pool targets.jsonl --target targets.jsonl --budget 1 --out out",
        "write them with 'tsds embed'"
    )]
    [InlineData("shard sums --work work --index 0 --of 1", "STAGE: expected neighbors or density")]
    [InlineData("shard neighbors --work work --of 1", "--index is needed")]
    [InlineData("shard neighbors --work work --index 0 --of none", "--of: expected a whole number from 1 on")]
    public async Task WrongUse_IsOneSentenceAndExitCode1(string line, string sentence)
    {
        _folder.WriteTargets("targets.jsonl", 1);
        string error = await FailAsync(line.Split(' '));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", error, StringComparison.Ordinal);
    }

    private static string[] Shard(string stage, int index) =>
        ["shard", stage, "--work", "work", "--index", $"{index}", "--of", "2"];

    /// <summary>Three files of vectors: one share takes one of them, the other two.</summary>
    private async Task WriteStoreAsync()
    {
        KilledRuns.WritePool(_folder["pool.jsonl"]);
        File.WriteAllLines(
            _folder["targets.jsonl"],
            File.ReadLines(_folder["pool.jsonl"]).Where((_, row) => row % 900 == 17)
        );
        File.WriteAllLines(
            _folder["more.jsonl"],
            File.ReadLines(_folder["pool.jsonl"]).Where((_, row) => row % 700 == 5)
        );
        await SucceedAsync(["embed", "--pool", "pool.jsonl", "--out", "store"]);
    }

    private Task<CliResult> RunAsync(string[] arguments) => CliProcess.RunAsync(_folder.Root, arguments);

    private async Task<string> SucceedAsync(string[] arguments) =>
        (await CliProcess.SucceedAsync(_folder.Root, arguments)).Out;

    private async Task<string> FailAsync(string[] arguments)
    {
        CliResult result = await RunAsync(arguments);
        Assert.Equal(1, result.ExitCode);
        return result.Error;
    }
}
