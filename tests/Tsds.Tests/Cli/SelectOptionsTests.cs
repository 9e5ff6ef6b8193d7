using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Cli;

public sealed class SelectOptionsTests
{
    [Fact]
    public async Task Select_OnlyRequired_LeavesTheLibrarysDefaults()
    {
        CliRun run = await CliRun.SelectAsync();

        SelectionSpec spec = run.Options.Spec;
        SelectionSpec expected = new() { Budget = spec.Budget };
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("5%", spec.Budget.ToString());
        Assert.Equal(["pool.jsonl"], spec.Pool);
        Assert.Equal(["targets.jsonl"], spec.Targets);
        Assert.Equal(
            expected with
            {
                Pool = spec.Pool,
                Targets = spec.Targets,
                PoolVectors = spec.PoolVectors,
                TargetVectors = spec.TargetVectors,
            },
            spec
        );
        Assert.Equal(new SelectionJobOptions { Spec = spec, Output = "out" }, run.Options);
    }

    [Fact]
    public async Task Select_EveryOption_ReachesTheJob()
    {
        CliRun run = await CliRun.RunAsync(
            "select",
            "--pool",
            "a.jsonl",
            "b.jsonl",
            "--pool",
            "c/",
            "--target",
            "t.jsonl",
            "--pool-vectors",
            "p.npy",
            "q.npy",
            "--target-vectors",
            "t.npy",
            "--budget",
            "1000",
            "--out",
            "o",
            "--regularizer",
            "tv",
            "--alpha",
            "0.25",
            "--scale",
            "1.5",
            "--relevance",
            "0.8",
            "--center",
            "off",
            "--copies",
            "keep",
            "--bandwidth",
            "0",
            "--normalize",
            "none",
            "--sampling",
            "multinomial",
            "--seed",
            "18446744073709551615",
            "--text-field",
            "body",
            "--on-bad-row",
            "skip",
            "--threads",
            "3",
            "--memory",
            "64GiB",
            "--force",
            "--no-report"
        );

        SelectionJobOptions job = run.Options;
        SelectionSpec spec = job.Spec;
        Assert.Equal(["a.jsonl", "b.jsonl", "c/"], spec.Pool);
        Assert.Equal(["p.npy", "q.npy"], spec.PoolVectors);
        Assert.Equal(["t.npy"], spec.TargetVectors);
        Assert.Equal(1000, spec.Budget.Rows);
        Assert.Equal("o", job.Output);
        Assert.False(spec.HasReport);
        Assert.Equal(Regularizer.TotalVariation, spec.Regularizer);
        Assert.Equal(0.25, spec.Alpha);
        Assert.Equal(1.5, spec.Scale);
        Assert.Equal(0.8, spec.Relevance);
        Assert.False(spec.Center);
        Assert.Equal(CopyPolicy.Keep, spec.Copies);
        Assert.Equal(0, spec.Bandwidth);
        Assert.Equal(Normalization.None, spec.Normalization);
        Assert.Equal(SamplingMethod.Multinomial, spec.Sampling);
        Assert.Equal(ulong.MaxValue, spec.Seed);
        Assert.Equal("body", spec.TextField);
        Assert.Equal(BadRowPolicy.Skip, spec.OnBadRow);
        Assert.Equal(3, job.ThreadCount);
        Assert.Equal(64L << 30, job.MemoryLimit);
        Assert.True(job.Force);
    }

    [Theory]
    [InlineData("--alpha auto", true)]
    [InlineData("--alpha auto --scale 2", true)]
    [InlineData("--alpha 0.5", false)]
    [InlineData("--neighbors 3", false)]
    public async Task Select_AlphaAuto_LetsTheTargetsChoose(string arguments, bool isTuned)
    {
        CliRun run = await CliRun.RunAsync([
            "select",
            "--pool",
            "p.jsonl",
            "--target",
            "t.jsonl",
            "--budget",
            "5",
            "--out",
            "o",
            .. arguments.Split(' '),
        ]);
        Assert.Equal(isTuned, run.Options.Spec.Alpha is null);
    }

    [Theory]
    [InlineData("--alpha 1.5", "--alpha: expected a number from 0 to 1, found '1.5'.")]
    [InlineData("--alpha NaN", "--alpha: expected a number from 0 to 1, found 'NaN'.")]
    [InlineData("--alpha half", "--alpha: expected a number or auto, found 'half'.")]
    [InlineData("--scale 0", "--scale: expected a finite number above 0, found '0'.")]
    [InlineData("--scale big", "--scale: expected a number or auto, found 'big'.")]
    [InlineData("--bandwidth -1", "--bandwidth: expected a finite number that is not negative, found '-1'.")]
    [InlineData("--neighbors 0", "--neighbors: expected a finite number above 0, found '0'.")]
    [InlineData("--regularizer kde", "--regularizer: expected density, uniform or tv, found 'kde'.")]
    [InlineData("--sampling all", "--sampling: expected distinct, systematic, multinomial or top, found 'all'.")]
    [InlineData("--normalize l1", "--normalize: expected l2 or none, found 'l1'.")]
    [InlineData("--on-bad-row stop", "--on-bad-row: expected fail or skip, found 'stop'.")]
    [InlineData("--seed -1", "--seed: expected a whole number from 0 to 18446744073709551615, found '-1'.")]
    [InlineData("--threads 0", "--threads: expected a whole number above 0, found '0'.")]
    [InlineData("--memory 8", "--memory: expected an amount with a unit, such as 8GB, 512MB or 2GiB, found '8'.")]
    [InlineData(
        "--neighbors 3 --alpha 0.5",
        "--neighbors takes the place of alpha and scale, but --alpha is given too; leave one of them out."
    )]
    [InlineData(
        "--neighbors 3 --alpha auto",
        "--neighbors takes the place of alpha and scale, but --alpha is given too; leave one of them out."
    )]
    [InlineData(
        "--neighbors 3 --scale auto",
        "--neighbors takes the place of alpha and scale, but --scale is given too; leave one of them out."
    )]
    [InlineData(
        "--target-vectors t.npy",
        "--target-vectors needs --pool-vectors: distances are taken between embeddings of the same model."
    )]
    [InlineData(
        "--pool-vectors p.npy",
        "--pool-vectors needs --target-vectors: distances are taken between embeddings of the same model."
    )]
    [InlineData(
        "--pool-vectors p.npy --target-vectors t.npy --template {user}",
        "--template says what text is embedded, but --pool-vectors brings embeddings that are ready; leave "
            + "one of them out."
    )]
    public async Task Select_WrongValue_SaysWhatWasExpectedAndFound(string more, string sentence)
    {
        CliRun run = await CliRun.SelectAsync(more.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"tsds: {sentence}\n", run.Error);
        Assert.Null(run.Job.Planned);
    }

    [Theory]
    [InlineData("--pool p --target t --out o", "--budget is needed")]
    [InlineData("--pool p --target t --budget 5%", "--out is needed")]
    [InlineData("--target t --budget 5% --out o", "a pool is needed")]
    [InlineData("--pool p --budget 5% --out o", "targets are needed")]
    [InlineData("--pool p --target t --budget 0 --out o", "--budget: expected a number of rows")]
    [InlineData("--pool p --target t --budget 101% --out o", "--budget: expected a number of rows")]
    public async Task Select_SomethingMissing_SaysWhat(string line, string sentence)
    {
        CliRun run = await CliRun.RunAsync(["select", .. line.Split(' ')]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"tsds: {sentence}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_VectorsWithoutRows_AreEnough()
    {
        CliRun run = await CliRun.RunAsync(
            "select",
            "--pool-vectors",
            "p.npy",
            "--target-vectors",
            "t.npy",
            "--budget",
            "10",
            "--out",
            "o"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Options.Spec.Pool);
    }

    [Theory]
    [InlineData(
        "--pool a --bduget 5%",
        "unknown option '--bduget'. Did you mean '--budget'? See 'tsds select --help'."
    )]
    [InlineData("--out --json", "--out: expected a value, found the option '--json'. See 'tsds select --help'.")]
    [InlineData("--pool a b --nothing-like-it", "unknown option '--nothing-like-it'. See 'tsds select --help'.")]
    [InlineData("pool.jsonl", "unexpected 'pool.jsonl'; every value belongs to an option. See 'tsds select --help'.")]
    public async Task Select_MistypedOption_IsNotTakenForAValue(string line, string sentence)
    {
        CliRun run = await CliRun.RunAsync(["select", .. line.Split(' ')]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"tsds: {sentence}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_TemplateWithDashesAndAt_IsTakenAsItIs()
    {
        CliRun run = await CliRun.SelectAsync("--template", "--@{user}");

        Assert.Equal("--@{user}", run.Options.Spec.Template);
    }
}
