using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("20Mtok", 20_000_000)]
    [InlineData("500ktok", 500_000)]
    [InlineData("1.5Mtok", 1_500_000)]
    [InlineData("1gtok", 1_000_000_000)]
    [InlineData("7tok", 7)]
    public void TryParse_Tokens_ReadsTheNumber(string text, long tokens)
    {
        Assert.True(Budget.TryParse(text, out Budget budget));
        Assert.Equal((tokens, 0L, 0.0), (budget.Tokens, budget.Rows, budget.Percent));
        Assert.True(Budget.TryParse(budget.ToString(), out Budget again));
        Assert.Equal(budget, again);
    }

    [Theory]
    [InlineData("tok")]
    [InlineData("0tok")]
    [InlineData("-5ktok")]
    [InlineData("1e9tok")]
    [InlineData("5Xtok")]
    [InlineData("NaNtok")]
    [InlineData("9999999Gtok")]
    public void TryParse_NoNumberOfTokens_IsFalse(string text) => Assert.False(Budget.TryParse(text, out _));

    [Theory]
    [InlineData("web=40%", "web", 0.4, false)]
    [InlineData("a=b=2.5%", "a=b", 0.025, false)]
    [InlineData("x=0%", "x", 0, false)]
    [InlineData("task:math=5%", "math", 0.05, true)]
    [InlineData("tasks=5%", "tasks", 0.05, false)]
    public void ShareLimit_WellFormed_IsRead(string text, string name, double share, bool isTask)
    {
        Assert.True(ShareLimit.TryParse(text, out ShareLimit? limit));
        Assert.Equal(new ShareLimit(name, share, isTask), limit);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("=40%")]
    [InlineData("task:=40%")]
    [InlineData("web=40")]
    [InlineData("web=%")]
    [InlineData("web=101%")]
    [InlineData("web=-1%")]
    public void ShareLimit_SomethingElse_IsNot(string text) => Assert.False(ShareLimit.TryParse(text, out _));

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("eight ch", 2)]
    [InlineData("eight cha", 3)]
    [InlineData("日本語", 3)]
    [InlineData("привет", 3)]
    [InlineData("😀", 1)]
    public void TokenEstimate_Text_CountsByScript(string text, long tokens) =>
        Assert.Equal(tokens, TokenEstimate.Of(text));

    [Theory]
    [InlineData(
        """{"messages":[{"role":"user","content":"12345678"},{"role":"assistant","content":"1234"}]}""",
        3,
        1,
        false
    )]
    [InlineData("""{"prompt":"12345678","completion":"1234"}""", 3, 1, false)]
    [InlineData("""{"text":"12345678"}""", 2, 2, false)]
    [InlineData("""{"text":"x","input_ids":[1,2,3,4,5],"labels":[-100,-100,3,4,5]}""", 5, 3, true)]
    [InlineData("""{"input_ids":[1,2,3,4,5],"attention_mask":[1,1,1,1,1]}""", 5, 5, true)]
    public void Read_Tokens_CountsWhatTheRowSays(string json, long all, long supervised, bool isExact)
    {
        using TempFolder folder = new();
        RowReader reader = new(
            [folder.Write("rows.jsonl", json)],
            new RowReaderOptions
            {
                NeedsText = false,
                Template = json.Contains("messages", StringComparison.Ordinal) ? "{user}" : null,
            }
        );
        Row row = Assert.Single(reader.Read(RowFields.Tokens, null, TestContext.Current.CancellationToken));
        Assert.Equal((all, supervised, isExact), (row.Tokens, row.SupervisedTokens, row.HasExactTokens));
        Assert.Equal(0, Assert.Single(reader.Read(RowFields.All, null, TestContext.Current.CancellationToken)).Tokens);
    }
}
