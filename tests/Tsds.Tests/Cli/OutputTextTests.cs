using Tsds.Cli.Output;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Cli;

public sealed class OutputTextTests
{
    private static readonly SelectionJobOptions Job = new()
    {
        Spec = new SelectionSpec { Budget = default },
        Output = "out",
        ThreadCount = 1,
    };

    [Theory]
    [InlineData("a\tb\r\n c", "a b c")]
    [InlineData("\u001b[31mred\u0007", "[31mred")]
    [InlineData("abc\u202Etxt.exe", "abctxt.exe")]
    [InlineData("[red]markup[/]", "[red]markup[/]")]
    [InlineData("日本語 👩‍👩‍👧 ok", "日本語 👩‍👩‍👧 ok")]
    public void OneLine_AnyText_IsHarmless(string text, string expected) =>
        Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void OneLine_LoneSurrogate_IsReplaced() =>
        Assert.Equal("lone \ufffd half", SafeText.OneLine("lone \ud800 half"));

    [Fact]
    public void Shorten_LongText_IsCutBetweenVisibleCharacters()
    {
        Assert.Equal("abc", SafeText.Shorten("abc", 3));
        Assert.Equal("ab…", SafeText.Shorten("abcd", 3));
        Assert.Equal("👩‍👩‍👧e\u0301…", SafeText.Shorten("👩‍👩‍👧e\u0301xyz", 3));
        Assert.Equal(60, SafeText.Shorten(new string('x', 50_000_000), 60).Length);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(90)]
    [InlineData(60)]
    public void Comparison_AnyWidth_FitsIntoIt(int width)
    {
        MethodScore tsds = new()
        {
            Method = "tsds",
            WassersteinSkill = 0.713,
            WassersteinInterval = (0.62, 0.791),
            KlReduction = 0.4127,
            CoverageDistance = 0.8123,
            VendiToPool = 0.95,
            NearDuplicateRate = 0.0125,
            LeakRate = null,
            CrossEntropySkill = 0.5,
            Tokens = 312_345,
            Gap = 1.2e-16,
            Seconds = 12.4,
        };
        string text = ComparisonText.Render(
            new CompareSummary
            {
                PoolRows = 129_521,
                TargetRows = 150,
                TargetGroups = 149,
                Folds = 1,
                Acquaintance = [new TaskAcquaintance(null, 0.0437, 0.01)],
                Budget = 1295,
                Bandwidth = 0.27248,
                Methods =
                [
                    tsds,
                    tsds with
                    {
                        Method = "random-balanced",
                        WassersteinSkill = -0.01,
                        WassersteinInterval = null,
                        Gap = null,
                        Tokens = 1_234_567,
                        Seconds = 0.02,
                    },
                ],
                LeftOut = [new LeftOutMethod("less", "it needs gradient features")],
                KnownMethods = 1,
                SkippedRows = 0,
                Embedding = "129,521 rows embedded",
                FilesWritten = ["out/scores.csv", "out/metrics.json"],
                Elapsed = TimeSpan.FromSeconds(98),
                EstimatedMemoryBytes = 700_000_000,
                PeakMemoryBytes = 500_000_000,
            },
            2,
            width
        );
        Assert.All(text.Split('\n').Skip(2).Take(4), line => Assert.InRange(line.Length, 0, width));
        Approval.Matches(text, $"Cli/Comparison{width}.approved.txt");
    }

    [Theory]
    [InlineData(0, "0.00 s")]
    [InlineData(9.994, "9.99 s")]
    [InlineData(59.9, "59.9 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(3725, "1 h 02 min")]
    public void Duration_AnyLength_IsReadable(double seconds, string expected) =>
        Assert.Equal(expected, Quantity.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(312_000_000, "312 MB")]
    [InlineData(8_000_000_000, "8.0 GB")]
    public void Bytes_AnyAmount_IsReadable(double bytes, string expected) =>
        Assert.Equal(expected, Quantity.Bytes(bytes));

    [Fact]
    public void Summary_NoProof_SaysWhy()
    {
        SelectionSummary incomplete = FakeJob.Summary with
        {
            Plan = FakeJob.Summary.Plan! with { Certificate = new Certificate(0.2, 0.1, IsComplete: false) },
        };
        SelectionSummary wide = FakeJob.Summary with
        {
            Plan = FakeJob.Summary.Plan! with { Certificate = new Certificate(0.2, 0.1, IsComplete: true) },
        };

        Assert.Contains(
            "not proven optimal: rows beyond the fetched neighbors may be better, relevance included: primal 0.2, "
                + "dual 0.1, gap 1e-1",
            SummaryText.Render(incomplete, Job),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "not proven optimal: the gap is wider than rounding explains",
            SummaryText.Render(wide, Job),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Summary_VectorsWithoutDensity_LeavesOutWhatThereIsNot()
    {
        SelectionSummary summary = FakeJob.Summary with
        {
            SkippedRows = 0,
            Bandwidth = 0,
            Plan = FakeJob.Summary.Plan! with { EffectiveNeighbors = null },
            TopSources = [],
            HardestTargets = [new HardTarget(0, null, 1.25, null)],
        };

        string text = SummaryText.Render(summary, Job);

        Assert.DoesNotContain("most rows from", text, StringComparison.Ordinal);
        Assert.DoesNotContain("skipped", text, StringComparison.Ordinal);
        Assert.Contains("not looked for: no density was taken", text, StringComparison.Ordinal);
        Assert.Contains("not defined under total variation", text, StringComparison.Ordinal);
        Assert.Contains("#0  nearest row at 1.25\n", text, StringComparison.Ordinal);
    }
}
