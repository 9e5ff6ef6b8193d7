using Tsds.Cli.Output;
using Tsds.Data;

namespace Tsds.Tests.Cli;

public sealed class OutputTextTests
{
    private static readonly SelectionJobOptions Job = new() { Budget = default, Output = "out", ThreadCount = 1 };

    [Theory]
    [InlineData("a\tb\r\n c", "a b c")]
    [InlineData("\u001b[31mred\u0007", "[31mred")]
    [InlineData("abc\u202Etxt.exe", "abctxt.exe")]
    [InlineData("[red]markup[/]", "[red]markup[/]")]
    [InlineData("日本語 👩‍👩‍👧 ok", "日本語 👩‍👩‍👧 ok")]
    public void OneLine_AnyText_IsHarmless(string text, string expected) => Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void OneLine_LoneSurrogate_IsReplaced() => Assert.Equal("lone \ufffd half", SafeText.OneLine("lone \ud800 half"));

    [Fact]
    public void Shorten_LongText_IsCutBetweenVisibleCharacters()
    {
        Assert.Equal("abc", SafeText.Shorten("abc", 3));
        Assert.Equal("ab…", SafeText.Shorten("abcd", 3));
        Assert.Equal("👩‍👩‍👧e\u0301…", SafeText.Shorten("👩‍👩‍👧e\u0301xyz", 3));
        Assert.Equal(60, SafeText.Shorten(new string('x', 50_000_000), 60).Length);
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
    public void Bytes_AnyAmount_IsReadable(double bytes, string expected) => Assert.Equal(expected, Quantity.Bytes(bytes));

    [Fact]
    public void Summary_NoProof_SaysWhy()
    {
        SelectionSummary incomplete = FakeJob.Summary with { Certificate = new Certificate(0.2, 0.1, IsComplete: false) };
        SelectionSummary wide = FakeJob.Summary with { Certificate = new Certificate(0.2, 0.1, IsComplete: true) };

        Assert.Contains("not proven optimal: rows beyond the fetched neighbors may be better: primal 0.2, dual 0.1, gap 1e-1", SummaryText.Render(incomplete, Job), StringComparison.Ordinal);
        Assert.Contains("not proven optimal: the gap is wider than rounding explains", SummaryText.Render(wide, Job), StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_VectorsWithoutDensity_LeavesOutWhatThereIsNot()
    {
        SelectionSummary summary = FakeJob.Summary with
        {
            SkippedRows = 0,
            Bandwidth = 0,
            EffectiveNeighbors = null,
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
