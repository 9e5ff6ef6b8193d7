using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Writes turns with the roles, keys and calls that a trainer reads.</summary>
/// <remarks>
/// Where the trainer reads a table, every turn has the keys that any turn has, so that every reader of columns finds
/// the same ones in each row.
/// </remarks>
internal sealed class TurnWriter(ExportLayout layout)
{
    /// <summary>Gets the settings with which rows are written.</summary>
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly TrainerRules _rules = layout.Rules;
    private readonly RowSurvey _survey = layout.Survey;

    /// <summary>Writes a list of turns.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The name of the list.</param>
    /// <param name="turns">The turns; calls and their answers are numbered among them.</param>
    public void WriteList(Utf8JsonWriter json, string name, IEnumerable<ConversationTurn> turns)
    {
        CallNumbers numbers = new();
        json.WriteStartArray(name);
        foreach (ConversationTurn turn in turns)
        {
            Write(json, turn, numbers);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a turn that stands alone.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="turn">The turn.</param>
    public void Write(Utf8JsonWriter json, ConversationTurn turn) => Write(json, turn, new CallNumbers());

    private void Write(Utf8JsonWriter json, ConversationTurn turn, CallNumbers numbers)
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
