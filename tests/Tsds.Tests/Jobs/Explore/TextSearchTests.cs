using System.Text;
using Tsds.Jobs.Explore;

namespace Tsds.Tests.Jobs.Explore;

public sealed class TextSearchTests
{
    [Theory]
    [InlineData("onion", "An onion.", true)]
    [InlineData("onion", "ONION soup", true)]
    [InlineData("onion", "onions", false)]
    [InlineData("onion", "onions, and an onion", true)]
    [InlineData("onion soup", "soup of onion", true)]
    [InlineData("\"onion soup\"", "soup of onion", false)]
    [InlineData("\"onion soup\"", "Onion soup", true)]
    [InlineData("onion soup", "onion", false)]
    [InlineData("größe", "Die GRÖSSE", false)]
    [InlineData("größe", "Die GRÖßE.", true)]
    [InlineData("c++", "C++ or C", true)]
    [InlineData("_id", "user_id", false)]
    [InlineData("日本", "日本 語", true)]
    [InlineData("\"half", "half a phrase", true)]
    public void Matches_Words_AreWholeWhateverTheirCase(string query, string text, bool expected) =>
        Assert.Equal(expected, TextSearch.Parse(query).Matches(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\"\"")]
    [InlineData("?!")]
    public void Parse_NoWord_IsRefused(string query) => Assert.Throws<ArgumentException>(() => TextSearch.Parse(query));
}
