using System.Text;

namespace Tsds.Jobs.Report;

/// <summary>
/// Writes HTML with inline SVG. Text and values are always escaped; names of tags and attributes are the program's own.
/// </summary>
internal sealed class HtmlWriter(TextWriter writer)
{
    /// <summary>Opens an element, which is closed when the returned scope is disposed.</summary>
    /// <param name="tag">The name of the element.</param>
    /// <param name="attributes">Its attributes; those whose value is null are left out.</param>
    public Scope Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(tag, attributes);
        return new Scope(this, tag);
    }

    /// <summary>Writes an element that holds a text.</summary>
    public void Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(tag, attributes);
        Text(text);
        Close(tag);
    }

    /// <summary>Writes an element without content and end tag, such as <c>meta</c>.</summary>
    public void Void(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        WriteTag(tag, attributes);

    /// <summary>Writes text.</summary>
    public void Text(string text) => writer.Write(Escape(text));

    /// <summary>
    /// Writes a user's words on one line: cut, with invisible characters shown, and isolated from the direction of the
    /// surrounding text.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most characters, as a reader sees them.</param>
    public void Words(string text, int maxLength) => Element("bdi", VisibleText.Line(text, maxLength));

    /// <summary>Writes the head of a table: a row of columns, each with its class or null.</summary>
    public void TableHead(params ReadOnlySpan<(string Text, string? Class)> columns)
    {
        using (Open("thead"))
        using (Open("tr"))
        {
            foreach ((string text, string? kind) in columns)
            {
                Element("th", text, ("scope", "col"), ("class", kind));
            }
        }
    }

    /// <summary>Writes the style sheet, whose hash is in the page's policy.</summary>
    public void Style(string css)
    {
        writer.Write("<style>");
        writer.Write(css);
        writer.Write("</style>\n");
    }

    private static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 16);
        foreach (char character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    private void WriteTag(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        writer.Write('<');
        writer.Write(tag);
        foreach ((string name, string? value) in attributes)
        {
            if (value is not null)
            {
                writer.Write($" {name}=\"{Escape(value)}\"");
            }
        }

        writer.Write('>');
    }

    private void Close(string tag)
    {
        writer.Write($"</{tag}>");
        if (tag is "section" or "tr" or "li" or "svg" or "p" or "table" or "head")
        {
            writer.Write('\n');
        }
    }

    /// <summary>Closes an element when it is disposed.</summary>
    public readonly struct Scope(HtmlWriter html, string tag) : IDisposable
    {
        public void Dispose() => html.Close(tag);
    }
}
