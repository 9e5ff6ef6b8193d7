using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>Fills a template with the turns and fields of rows.</summary>
internal sealed class TemplateRenderer
{
    private readonly RowTemplate _template;
    private readonly int[] _slots;
    private readonly CharBuffer _result = new();

    /// <summary>Initializes a new instance of the <see cref="TemplateRenderer"/> class.</summary>
    /// <param name="template">The template.</param>
    /// <param name="fields">The table of fields; the template asks it for those it names.</param>
    public TemplateRenderer(RowTemplate template, FieldTable fields)
    {
        _template = template;
        _slots = new int[template.Parts.Count];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = template.Parts[i].IsPlaceholder ? fields.Add(template.Parts[i].Text) : -1;
        }
    }

    /// <summary>Fills the template.</summary>
    /// <param name="row">The row, scanned by <paramref name="fields"/>.</param>
    /// <param name="fields">The row's fields.</param>
    /// <param name="text">The row's turns.</param>
    /// <returns>The result; valid until the next call.</returns>
    public ReadOnlySpan<char> Render(ReadOnlySpan<byte> row, FieldTable fields, RowText text)
    {
        _result.Truncate(0);
        for (int i = 0; i < _slots.Length; i++)
        {
            RowTemplatePart part = _template.Parts[i];
            if (!part.IsPlaceholder)
            {
                _result.Append(part.Text);
                continue;
            }

            switch (part.Text)
            {
                case "system":
                    AppendRole(text, TurnRole.System);
                    break;
                case "user":
                    AppendRole(text, TurnRole.User);
                    break;
                case "assistant":
                    AppendRole(text, TurnRole.Assistant);
                    break;
                case "tool":
                    AppendRole(text, TurnRole.Tool);
                    break;
                case "first_user":
                    AppendUser(text, isLast: false);
                    break;
                case "last_user":
                    AppendUser(text, isLast: true);
                    break;
                case "text" when AppendRole(text, TurnRole.Text):
                    break;
                default:
                    AppendField(row, fields[_slots[i]]);
                    break;
            }
        }

        return _result.Span;
    }

    private bool AppendRole(RowText text, TurnRole role)
    {
        bool isFirst = true;
        foreach (RowTurn turn in text.Turns)
        {
            if (turn.Role == role)
            {
                if (!isFirst)
                {
                    _result.Append('\n');
                }

                _result.Append(text.TextOf(turn));
                isFirst = false;
            }
        }

        return !isFirst;
    }

    private void AppendUser(RowText text, bool isLast)
    {
        ReadOnlySpan<RowTurn> turns = text.Turns;
        for (int i = 0; i < turns.Length; i++)
        {
            RowTurn turn = turns[isLast ? turns.Length - 1 - i : i];
            if (turn.Role == TurnRole.User)
            {
                _result.Append(text.TextOf(turn));
                return;
            }
        }
    }

    private void AppendField(ReadOnlySpan<byte> row, FieldValue value)
    {
        if (value.IsString)
        {
            Utf8JsonReader reader = FieldTable.Open(row, value);
            _result.AppendString(ref reader);
        }
        else if (value.Kind == JsonTokenType.Number)
        {
            // A number is ASCII, and stands in the text as it is written.
            foreach (byte digit in row.Slice(value.Start, value.Length))
            {
                _result.Append((char)digit);
            }
        }
    }
}
