using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Writes a selected row in the form of a layout.</summary>
/// <remarks>
/// Rows that are written anew have the columns of the form and no others, in one order; where the trainer reads a table,
/// every turn has the keys that any turn has, so that every reader of columns finds the same ones in each row.
/// </remarks>
internal sealed class RowWriter(ExportLayout layout, string? textField)
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly TrainerRules _rules = layout.Rules;
    private readonly RowSurvey _survey = layout.Survey;

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
        using (Utf8JsonWriter json = new(buffer, Options))
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
        WriteTurns(json, "messages", conversation.Turns);
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

        WriteTurns(json, "prompt", conversation.Turns.Take(conversation.QuestionTurns));
        WriteTurns(json, "completion", conversation.Turns.Skip(conversation.QuestionTurns));
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
                WriteTurns(json, "prompt", question);
                WriteTurns(json, "chosen", chosen);
                WriteTurns(json, "rejected", conversation.Rejected);
                break;
            case PreferenceForm.Turns:
                WriteTurns(json, "messages", question);
                json.WritePropertyName("chosen");
                WriteTurn(json, chosen.First(), new CallNumbers());
                json.WritePropertyName("rejected");
                WriteTurn(json, conversation.Rejected[0], new CallNumbers());
                break;
            case PreferenceForm.Conversations:
                WriteTurns(json, "chosen", conversation.Turns);
                WriteTurns(json, "rejected", question.Concat(conversation.Rejected));
                break;
            case PreferenceForm.Response:
                WriteTurns(json, "messages", conversation.Turns);
                json.WriteString("rejected_response", TurnText.WithReasoning(conversation.Rejected[0]));
                break;
            default:
                json.WriteStartObject("input");
                WriteTurns(json, "messages", question);
                WriteTools(json, conversation);
                json.WriteEndObject();
                WriteTurns(json, "preferred_output", chosen);
                WriteTurns(json, "non_preferred_output", conversation.Rejected);
                return;
        }

        WriteTools(json, conversation);
        WriteMedia(json, conversation);
    }

    private void WriteTurns(Utf8JsonWriter json, string name, IEnumerable<ConversationTurn> turns)
    {
        CallNumbers numbers = new();
        json.WriteStartArray(name);
        foreach (ConversationTurn turn in turns)
        {
            WriteTurn(json, turn, numbers);
        }

        json.WriteEndArray();
    }

    private void WriteTurn(Utf8JsonWriter json, ConversationTurn turn, CallNumbers numbers)
    {
        bool isCallTurn = turn.Calls.Count > 0 && _rules.Calls == CallForm.Turn;
        json.WriteStartObject();
        json.WriteString("role", isCallTurn ? "function_call" : NameOf(turn));
        if (isCallTurn)
        {
            json.WriteString("content", CallText(turn));
        }
        else
        {
            WriteContent(json, turn);
        }

        if (_rules.Reasoning == ReasoningForm.Key && _survey.HasReasoning)
        {
            WriteOptional(json, "reasoning_content", turn.Reasoning);
        }

        if (_rules.Calls.HasFlag(CallForm.Field))
        {
            WriteCalls(json, turn, numbers);
        }

        if (_survey.HasNames && _rules.Calls.HasFlag(CallForm.Field))
        {
            WriteOptional(json, "name", turn.Name);
        }

        WriteMask(json, turn);
        json.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter json, ConversationTurn turn)
    {
        if (turn.Media.Count > 0 && _rules.Media == MediaForm.ImageParts)
        {
            WriteParts(json, turn);
            return;
        }

        string? text =
            _rules.Reasoning == ReasoningForm.Tags ? TurnText.WithReasoning(turn) : TurnText.WithPlaceholders(turn);
        json.WriteString("content", text);
    }

    private static void WriteParts(Utf8JsonWriter json, ConversationTurn turn)
    {
        json.WriteStartArray("content");
        int written = 0;
        foreach ((int position, MediaPart part) in turn.Media)
        {
            WriteTextPart(json, turn.Text![written..position]);
            written = position;
            json.WriteStartObject();
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", part.Address);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        WriteTextPart(json, turn.Text![written..]);
        json.WriteEndArray();
    }

    private static void WriteTextPart(Utf8JsonWriter json, string text)
    {
        if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", text);
            json.WriteEndObject();
        }
    }

    private static string CallText(ConversationTurn turn)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            bool isOne = turn.Calls.Count == 1;
            if (!isOne)
            {
                json.WriteStartArray();
            }

            foreach (ToolCall call in turn.Calls)
            {
                json.WriteStartObject();
                json.WriteString("name", call.Name);
                json.WritePropertyName("arguments");
                WriteJson(json, call.Arguments);
                json.WriteEndObject();
            }

            if (!isOne)
            {
                json.WriteEndArray();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteCalls(Utf8JsonWriter json, ConversationTurn turn, CallNumbers numbers)
    {
        if (_survey.Calls == CallForm.None && !_survey.TurnKeys.Contains("tool_call_id"))
        {
            return;
        }

        // A table's columns hold arguments of one shape; others are JSON text, as OpenAI wants them in any case.
        bool areObjects =
            _rules.OnlyTurnKeys is null
            && (!_rules.IsTable || (_survey.HasUniformArguments && _survey.HasObjectArguments));
        bool hasIds = _rules.OnlyTurnKeys is not null || _survey.TurnKeys.Contains("tool_call_id");
        if (turn.Calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (ToolCall call in turn.Calls)
            {
                json.WriteStartObject();
                if (hasIds)
                {
                    json.WriteString("id", numbers.Call(call.Id));
                }

                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                if (areObjects)
                {
                    json.WritePropertyName("arguments");
                    WriteJson(json, call.Arguments);
                }
                else
                {
                    json.WriteString("arguments", call.Arguments);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else if (_rules.IsTable)
        {
            json.WriteNull("tool_calls");
        }

        if (hasIds)
        {
            WriteOptional(json, "tool_call_id", turn.Role == TurnRole.Tool ? numbers.Answer(turn.CallId) : turn.CallId);
        }
    }

    private void WriteMask(Utf8JsonWriter json, ConversationTurn turn)
    {
        if (!_survey.HasMaskedAnswers || _rules.Mask == MaskForm.None)
        {
            return;
        }

        string name = MaskKey(_rules.Mask);
        if (turn is not { Role: TurnRole.Assistant, IsTrained: { } isTrained })
        {
            if (_rules.IsTable)
            {
                json.WriteNull(name);
            }
        }
        else if (_rules.Mask == MaskForm.Weight)
        {
            json.WriteNumber(name, isTrained ? 1 : 0);
        }
        else
        {
            json.WriteBoolean(name, isTrained);
        }
    }

    /// <summary>Returns the key that says whether a turn is trained on, in turns that are written anew.</summary>
    /// <param name="mask">How the trainer learns it.</param>
    public static string MaskKey(MaskForm mask) =>
        mask switch
        {
            MaskForm.Loss => "loss",
            MaskForm.Weight => "weight",
            _ => "train",
        };

    private void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null || _rules.IsTable)
        {
            json.WriteString(name, value);
        }
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
            using (Utf8JsonWriter text = new(buffer, Options))
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

    private static void WriteJson(Utf8JsonWriter json, string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        document.RootElement.WriteTo(json);
    }

    private static string NameOf(ConversationTurn turn) =>
        turn.Role switch
        {
            TurnRole.System => "system",
            TurnRole.User => "user",
            TurnRole.Tool => "tool",
            TurnRole.Assistant => "assistant",
            _ => turn.RoleName,
        };

    /// <summary>Gives calls without an identifier one, and their answers the same in turn.</summary>
    private sealed class CallNumbers
    {
        private readonly List<string> _open = [];
        private int _count;

        public string Call(string? id)
        {
            id ??= string.Create(CultureInfo.InvariantCulture, $"call_{++_count}");
            _open.Add(id);
            return id;
        }

        public string? Answer(string? id)
        {
            id ??= _open.FirstOrDefault();
            if (id is not null)
            {
                _open.Remove(id);
            }

            return id;
        }
    }
}
