using System.Buffers;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Writes a selected row in the form of a layout.</summary>
/// <remarks>
/// Rows that are written anew have the columns of the form and no others, in one order.
/// </remarks>
internal sealed class RowWriter(ExportLayout layout, string? textField)
{
    private readonly TrainerRules _rules = layout.Rules;
    private readonly RowSurvey _survey = layout.Survey;
    private readonly TurnWriter _turns = new(layout);

    /// <summary>Writes a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One line of JSON in UTF-8: the row's own bytes where the layout keeps rows as they are.</returns>
    public byte[] Write(SelectedRow row)
    {
        if (layout.Form == ExportForm.AsIs)
        {
            return row.Utf8;
        }

        ArrayBufferWriter<byte> buffer = new(row.Utf8.Length + 64);
        using (Utf8JsonWriter json = new(buffer, TurnWriter.Options))
        {
            json.WriteStartObject();
            switch (layout.Form)
            {
                case ExportForm.Messages:
                    WriteMessages(json, row);
                    break;
                case ExportForm.PromptCompletion:
                    WritePair(json, row.Conversation!);
                    break;
                case ExportForm.Preference:
                    WritePreference(json, row.Conversation!);
                    break;
                case ExportForm.Text:
                    json.WriteString("text", TextOf(row));
                    break;
                default:
                    WriteTokens(json, row.Json);
                    break;
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Returns the text of a row that holds no turns.</summary>
    /// <param name="row">The row.</param>
    public string? TextOf(SelectedRow row) =>
        row.Schema == RowSchema.TextField
            ? SelectedRow.TextOf(row.Json, textField!)
            : row.Json.GetProperty("text").GetString();

    private void WriteMessages(Utf8JsonWriter json, SelectedRow row)
    {
        Conversation conversation =
            row.Conversation
            ?? new Conversation
            {
                Turns =
                [
                    new ConversationTurn
                    {
                        Role = TurnRole.Assistant,
                        RoleName = "assistant",
                        Place = "text",
                        Text = TextOf(row),
                    },
                ],
            };
        _turns.WriteList(json, "messages", conversation.Turns);
        WriteTools(json, conversation);
        WriteMedia(json, conversation);
    }

    private void WritePair(Utf8JsonWriter json, Conversation conversation)
    {
        if (layout.IsStrings)
        {
            json.WriteString("prompt", conversation.Turns[0].Text);
            json.WriteString("completion", conversation.Turns[1].Text);
            return;
        }

        _turns.WriteList(json, "prompt", conversation.Turns.Take(conversation.QuestionTurns));
        _turns.WriteList(json, "completion", conversation.Turns.Skip(conversation.QuestionTurns));
        WriteTools(json, conversation);
    }

    private void WritePreference(Utf8JsonWriter json, Conversation conversation)
    {
        IEnumerable<ConversationTurn> question = conversation.Turns.Take(conversation.QuestionTurns);
        IEnumerable<ConversationTurn> chosen = conversation.Turns.Skip(conversation.QuestionTurns);
        switch (_rules.Preference)
        {
            case PreferenceForm.Columns when layout.IsStrings:
                if (_survey.HasQuestions)
                {
                    json.WriteString("prompt", question.First().Text);
                }

                json.WriteString("chosen", chosen.First().Text);
                json.WriteString("rejected", conversation.Rejected[0].Text);
                break;
            case PreferenceForm.Columns:
                _turns.WriteList(json, "prompt", question);
                _turns.WriteList(json, "chosen", chosen);
                _turns.WriteList(json, "rejected", conversation.Rejected);
                break;
            case PreferenceForm.Turns:
                _turns.WriteList(json, "messages", question);
                json.WritePropertyName("chosen");
                _turns.Write(json, chosen.First());
                json.WritePropertyName("rejected");
                _turns.Write(json, conversation.Rejected[0]);
                break;
            case PreferenceForm.Conversations:
                _turns.WriteList(json, "chosen", conversation.Turns);
                _turns.WriteList(json, "rejected", question.Concat(conversation.Rejected));
                break;
            case PreferenceForm.Response:
                _turns.WriteList(json, "messages", conversation.Turns);
                json.WriteString("rejected_response", TurnText.WithReasoning(conversation.Rejected[0]));
                break;
            default:
                json.WriteStartObject("input");
                _turns.WriteList(json, "messages", question);
                WriteTools(json, conversation);
                json.WriteEndObject();
                _turns.WriteList(json, "preferred_output", chosen);
                _turns.WriteList(json, "non_preferred_output", conversation.Rejected);
                return;
        }

        WriteTools(json, conversation);
        WriteMedia(json, conversation);
    }

    private void WriteTools(Utf8JsonWriter json, Conversation conversation)
    {
        if (_survey.Tools == ToolsForm.None || _rules.Tools == ToolsForm.None)
        {
            return;
        }

        if (conversation.Tools is not { } tools)
        {
            if (_rules.IsTable)
            {
                json.WriteNull("tools");
            }
        }
        else if (_rules.Tools.HasFlag(ToolsForm.Text))
        {
            // As a string: tools of different arguments would be columns of different types.
            ArrayBufferWriter<byte> buffer = new();
            using (Utf8JsonWriter text = new(buffer, TurnWriter.Options))
            {
                tools.WriteTo(text);
            }

            json.WriteString("tools", buffer.WrittenSpan);
        }
        else
        {
            json.WritePropertyName("tools");
            tools.WriteTo(json);
        }
    }

    private void WriteMedia(Utf8JsonWriter json, Conversation conversation)
    {
        if (_rules.Media != MediaForm.Columns)
        {
            return;
        }

        foreach (MediaKind kind in _survey.Media.Where(kind => kind != MediaKind.Other))
        {
            json.WriteStartArray(MediaPart.ColumnOf(kind));
            foreach (MediaPart part in MediaOf(conversation).Where(part => part.Kind == kind))
            {
                json.WriteStringValue(part.Address);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Returns the media of a row: those of its columns, or else those of its turns in their order.</summary>
    /// <param name="conversation">The row.</param>
    public static IEnumerable<MediaPart> MediaOf(Conversation conversation) =>
        conversation.Media.Count > 0
            ? conversation.Media
            : conversation.AllTurns.SelectMany(turn => turn.Media.Select(media => media.Part));

    private static void WriteTokens(Utf8JsonWriter json, JsonElement row)
    {
        JsonElement ids = row.GetProperty("input_ids");
        json.WritePropertyName("input_ids");
        ids.WriteTo(json);
        if (Has(row, "attention_mask", out JsonElement mask))
        {
            json.WritePropertyName("attention_mask");
            mask.WriteTo(json);
        }
        else
        {
            json.WriteStartArray("attention_mask");
            for (int i = 0; i < ids.GetArrayLength(); i++)
            {
                json.WriteNumberValue(1);
            }

            json.WriteEndArray();
        }

        json.WritePropertyName("labels");
        (Has(row, "labels", out JsonElement labels) ? labels : ids).WriteTo(json);
    }

    private static bool Has(JsonElement row, string name, out JsonElement value) =>
        row.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
