using System.Net;
using CsCheck;
using Tsds.Jobs.Report;

namespace Tsds.Tests.Jobs.Report;

public sealed class HtmlWriterTests
{
    [Fact]
    public void Open_Nested_ClosesInOrder() =>
        Assert.Equal(
            "<p class=\"a\">x<b></b></p>\n",
            Write(html =>
            {
                using (html.Open("p", ("class", "a"), ("id", null)))
                {
                    html.Text("x");
                    html.Element("b", "");
                }
            })
        );

    /// <summary>Whatever is written comes back when it is read, and nothing in it ends an element or a value.</summary>
    [Fact]
    public void Element_AnyText_ReadsBackTheSame() =>
        Gen
            .String.Select(Gen.String)
            .Sample(
                (text, value) =>
                {
                    string html = Write(writer => writer.Element("i", text, ("title", value)));
                    Assert.StartsWith("<i title=\"", html, StringComparison.Ordinal);
                    string[] parts = html["<i title=\"".Length..^"</i>".Length].Split("\">");
                    Assert.Equal(2, parts.Length);
                    Assert.DoesNotContain(parts, part => part.AsSpan().IndexOfAny("<>\"'") >= 0);
                    Assert.Equal(value, WebUtility.HtmlDecode(parts[0]));
                    Assert.Equal(text, WebUtility.HtmlDecode(parts[1]));
                }
            );

    private static string Write(Action<HtmlWriter> write)
    {
        using StringWriter text = new();
        write(new HtmlWriter(text));
        return text.ToString();
    }
}
