using System.Text;

namespace Tsds.Data.Rows;

/// <summary>
/// A parsed template of the text that is embedded; <see cref="RowReaderOptions.Template"/> describes the placeholders.
/// </summary>
internal sealed class RowTemplate
{
    private RowTemplate(IReadOnlyList<RowTemplatePart> parts)
    {
        Parts = parts;
    }

    /// <summary>Gets the pieces in their order.</summary>
    public IReadOnlyList<RowTemplatePart> Parts { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="template">The template.</param>
    /// <returns>Its pieces.</returns>
    /// <exception cref="ArgumentException">There is no placeholder, or a brace has no partner.</exception>
    public static RowTemplate Parse(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parts = new List<RowTemplatePart>();
        var literal = new StringBuilder();
        int position = 0;
        while (position < template.Length)
        {
            char current = template[position];
            char next = position + 1 < template.Length ? template[position + 1] : '\0';
            if (current is '{' or '}' && next == current)
            {
                literal.Append(current);
                position += 2;
            }
            else if (current == '\\' && next is 'n' or 't')
            {
                literal.Append(next == 'n' ? '\n' : '\t');
                position += 2;
            }
            else if (current == '{')
            {
                int end = template.IndexOfAny(['{', '}'], position + 1);
                string name = end < 0 || template[end] == '{' ? string.Empty : template[(position + 1)..end].Trim();
                if (name.Length == 0)
                {
                    throw new ArgumentException(
                        $"Expected a placeholder such as {{user}} at character {position + 1} of the "
                            + $"template '{template}'; "
                            + "write {{ for a brace.",
                        nameof(template)
                    );
                }

                Flush(parts, literal);
                parts.Add(new RowTemplatePart(name, IsPlaceholder: true));
                position = end + 1;
            }
            else if (current == '}')
            {
                throw new ArgumentException(
                    $"Found a closing brace without an opening one at character {position + 1} of the "
                        + $"template '{template}'; "
                        + "write }} for a brace.",
                    nameof(template)
                );
            }
            else
            {
                literal.Append(current);
                position++;
            }
        }

        Flush(parts, literal);
        if (!parts.Any(part => part.IsPlaceholder))
        {
            throw new ArgumentException(
                $"Expected a placeholder such as {{user}} in the template '{template}', found none.",
                nameof(template)
            );
        }

        return new RowTemplate(parts);
    }

    private static void Flush(List<RowTemplatePart> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new RowTemplatePart(literal.ToString(), IsPlaceholder: false));
            literal.Clear();
        }
    }
}
