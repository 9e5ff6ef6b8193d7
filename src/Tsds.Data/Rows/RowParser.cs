using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tsds.Data.Rows;

/// <summary>Takes rows apart, one after the other: fields, schema, turns, text, identifier and source.</summary>
/// <remarks>Methods are called in this order for each row: <see cref="TryScan"/>, then <see cref="TryReadText"/> or the readers of
/// identifier and source. A method that returns false leaves the reason in <see cref="Problem"/>.</remarks>
internal sealed class RowParser
{
    // Sources repeat from row to row; beyond so many different ones they are identifiers in disguise, and not kept.
    private const int MaxKnownSources = 4096;

    private readonly FieldTable _fields = new();
    private readonly RowText _text = new();
    private readonly TurnReader _turns;
    private readonly TemplateRenderer? _renderer;
    private readonly CharBuffer _scratch = new();
    private readonly HashSet<string> _sources = [];
    private readonly string? _textField;
    private readonly byte[][] _textPath;
    private readonly int _textSlot;
    private readonly int _textRootSlot;
    private readonly int _id;
    private readonly int _source;
    private readonly int _dataset;
    private readonly int _messages;
    private readonly int _conversations;
    private readonly int _system;
    private readonly int _history;
    private readonly int _instruction;
    private readonly int _input;
    private readonly int _output;
    private readonly int _prompt;
    private readonly int _completion;
    private readonly int _chosen;
    private readonly int _rejected;
    private readonly int _query;
    private readonly int _response;
    private readonly int _plainText;
    private readonly int _inputIds;

    /// <summary>Initializes a new instance of the <see cref="RowParser"/> class.</summary>
    /// <param name="options">How rows are read.</param>
    public RowParser(RowReaderOptions options)
    {
        _turns = new TurnReader(_text);
        _id = _fields.Add("id");
        _source = _fields.Add("source");
        _dataset = _fields.Add("dataset");
        _messages = _fields.Add("messages");
        _conversations = _fields.Add("conversations");
        _system = _fields.Add("system");
        _history = _fields.Add("history");
        _instruction = _fields.Add("instruction");
        _input = _fields.Add("input");
        _output = _fields.Add("output");
        _prompt = _fields.Add("prompt");
        _completion = _fields.Add("completion");
        _chosen = _fields.Add("chosen");
        _rejected = _fields.Add("rejected");
        _query = _fields.Add("query");
        _response = _fields.Add("response");
        _plainText = _fields.Add("text");
        _inputIds = _fields.Add("input_ids");
        _textField = options.TextField;
        string[] path = _textField?.Split('.') ?? [];
        _textPath = [.. path.Skip(1).Select(Encoding.UTF8.GetBytes)];
        _textSlot = _textField is null ? -1 : _fields.Add(_textField);
        _textRootSlot = _textField is null ? -1 : _fields.Add(path[0]);
        _renderer = options.Template is null ? null : new TemplateRenderer(RowTemplate.Parse(options.Template), _fields);
    }

    /// <summary>Gets what the last method that returned false expected and found.</summary>
    public string Problem { get; private set; } = string.Empty;

    /// <summary>Reads a row to its end and finds its fields.</summary>
    /// <param name="row">The row.</param>
    /// <returns>False when it is not one JSON object in valid UTF-8.</returns>
    public bool TryScan(ReadOnlySpan<byte> row)
    {
        if (!Utf8.IsValid(row))
        {
            return Fail("expected UTF-8, found bytes that are not");
        }

        try
        {
            return _fields.TryScan(row, out JsonTokenType found)
                || Fail($"expected a JSON object, found {FieldTable.NameOf(found)}");
        }
        catch (JsonException e)
        {
            return Fail(Describe(e));
        }
        catch (InvalidOperationException)
        {
            return Fail(BrokenEscape);
        }
    }

    /// <summary>Finds the schemas that the scanned row has the fields of.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One bit per <see cref="RowSchema"/>.</returns>
    public uint FindSchemas(ReadOnlySpan<byte> row)
    {
        uint schemas =
            Bit(RowSchema.TextField, _textField is not null && FindTextField(row).IsPresent)
            | Bit(RowSchema.ChatMl, _fields[_messages].IsArray)
            | Bit(RowSchema.ShareGpt, _fields[_conversations].IsArray)
            | Bit(RowSchema.Preference, IsPreference())
            | Bit(RowSchema.Alpaca, _fields[_instruction].IsString && _fields[_output].IsString)
            | Bit(RowSchema.PromptCompletion, _fields[_prompt].IsStringOrArray && _fields[_completion].IsStringOrArray)
            | Bit(RowSchema.QueryResponse, _fields[_query].IsString && _fields[_response].IsString)
            | Bit(RowSchema.Text, _fields[_plainText].IsString);
        return schemas == 0 ? Bit(RowSchema.Pretokenized, _fields[_inputIds].IsArray) : schemas;
    }

    /// <summary>Decides the schema of the scanned row and reads its text.</summary>
    /// <param name="row">The row.</param>
    /// <param name="expected">The schema of the row's file; null when the file has none.</param>
    /// <param name="schema">The schema of the row.</param>
    /// <param name="text">The text to embed; valid until the next call.</param>
    /// <returns>False when the schema is unclear, a field is not as it should be, or there is no text.</returns>
    public bool TryReadText(ReadOnlySpan<byte> row, RowSchema? expected, out RowSchema schema, out ReadOnlySpan<char> text)
    {
        text = default;
        if (!TryChooseSchema(row, expected, out schema))
        {
            return false;
        }

        try
        {
            _text.Clear();
            if (!TryAddTurns(row, schema))
            {
                return false;
            }

            text = _renderer is null ? _text.Span : _renderer.Render(row, _fields, _text);
        }
        catch (InvalidOperationException)
        {
            return Fail(BrokenEscape);
        }

        return !text.IsWhiteSpace()
            || Fail(_renderer is null || _text.Span.IsWhiteSpace()
                ? $"expected some text in {RowSchemas.ShapeOf(schema, _textField)}, found none"
                : "expected the template to give some text for the row, found none");
    }

    /// <summary>Reads the identifier of the scanned row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The field id as text, or null when it is neither a string nor a number.</returns>
    public string? ReadId(ReadOnlySpan<byte> row)
    {
        FieldValue value = _fields[_id];
        return value.Kind == JsonTokenType.Number
            ? Encoding.UTF8.GetString(row.Slice(value.Start, value.Length))
            : value.IsString && TryReadString(row, value) ? _scratch.Span.ToString() : null;
    }

    /// <summary>Reads the source of the scanned row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="fallback">The source of a row that does not say.</param>
    /// <returns>The source.</returns>
    public string ReadSource(ReadOnlySpan<byte> row, string fallback) =>
        ReadSource(row, _fields[_source]) ?? ReadSource(row, _fields[_dataset]) ?? fallback;

    private const string BrokenEscape = "expected whole characters, found half of a surrogate pair in an escape";

    private static uint Bit(RowSchema schema, bool isSet) => isSet ? 1u << (int)schema : 0;

    private static string Describe(JsonException e)
    {
        // The exception knows one line only, ours; its last words about place are replaced by the byte.
        string message = e.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = (place < 0 ? message : message[..place]).TrimEnd('.');
        string where = ((e.BytePositionInLine ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
        return $"expected JSON, found an error at byte {where}: {reason}";
    }

    private bool IsPreference() =>
        _fields[_chosen].IsStringOrArray
        && _fields[_rejected].IsStringOrArray
        && (!_fields[_prompt].IsPresent || _fields[_prompt].IsStringOrArray);

    private bool TryChooseSchema(ReadOnlySpan<byte> row, RowSchema? expected, out RowSchema schema)
    {
        uint schemas = FindSchemas(row);
        schema = expected ?? RowSchema.Text;
        if (expected is not null && (schemas & Bit(expected.Value, isSet: true)) != 0)
        {
            return true;
        }

        if (BitOperations.PopCount(schemas) == 1)
        {
            schema = (RowSchema)BitOperations.TrailingZeroCount(schemas);
            return schema != RowSchema.Pretokenized || Fail("expected text, found only token ids (input_ids)");
        }

        string shape = expected is null ? "a row of a known schema" : RowSchemas.ShapeOf(expected.Value, _textField);
        return Fail($"expected {shape}, found {FieldTable.Describe(row)}");
    }

    private bool TryAddTurns(ReadOnlySpan<byte> row, RowSchema schema)
    {
        switch (schema)
        {
            case RowSchema.TextField:
                FieldValue value = FindTextField(row);
                if (!value.IsString)
                {
                    return Fail($"expected the field {_textField} to be a string, found {FieldTable.NameOf(value.Kind)}");
                }

                _turns.AddString(row, value, TurnRole.Text);
                return true;
            case RowSchema.ChatMl:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return _turns.TryAddMessages(row, _fields[_messages], "messages") || Fail(_turns.Problem);
            case RowSchema.ShareGpt:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return _turns.TryAddMessages(row, _fields[_conversations], "conversations") || Fail(_turns.Problem);
            case RowSchema.Preference:
                return TryAddPreference(row) || Fail(_turns.Problem);
            case RowSchema.Alpaca:
                return TryAddPair(row, _instruction, _input, _output);
            case RowSchema.QueryResponse:
                return TryAddPair(row, _query, second: -1, _response);
            case RowSchema.PromptCompletion:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return (_turns.TryAddStringOrMessages(row, _fields[_prompt], "prompt", TurnRole.User)
                        && _turns.TryAddStringOrMessages(row, _fields[_completion], "completion", TurnRole.Assistant))
                    || Fail(_turns.Problem);
            default:
                Debug.Assert(schema == RowSchema.Text, "Pretokenized rows were refused before.");
                _turns.AddString(row, _fields[_plainText], TurnRole.Text);
                return true;
        }
    }

    private bool TryAddPair(ReadOnlySpan<byte> row, int first, int second, int answer)
    {
        FieldValue input = second < 0 ? default : _fields[second];
        if (input.IsPresent && !input.IsString)
        {
            return Fail($"expected the field input to be a string, found {FieldTable.NameOf(input.Kind)}");
        }

        _turns.AddString(row, _fields[_system], TurnRole.System);
        if (!_turns.TryAddHistory(row, _fields[_history], "history"))
        {
            return Fail(_turns.Problem);
        }

        _turns.AddStrings(row, _fields[first], input, TurnRole.User);
        _turns.AddString(row, _fields[answer], TurnRole.Assistant);
        return true;
    }

    private bool TryAddPreference(ReadOnlySpan<byte> row)
    {
        _turns.AddString(row, _fields[_system], TurnRole.System);
        int prompt = _text.Turns.Count;
        if (!_turns.TryAddStringOrMessages(row, _fields[_prompt], "prompt", TurnRole.User))
        {
            return false;
        }

        int chosen = _text.Turns.Count;
        if (!_turns.TryAddStringOrMessages(row, _fields[_chosen], "chosen", TurnRole.Assistant))
        {
            return false;
        }

        // Some datasets write the whole conversation into chosen; its beginning would count twice.
        if (_text.Repeats(prompt, chosen))
        {
            _text.Clear();
            _turns.AddString(row, _fields[_system], TurnRole.System);
            return _turns.TryAddStringOrMessages(row, _fields[_chosen], "chosen", TurnRole.Assistant);
        }

        return true;
    }

    private FieldValue FindTextField(ReadOnlySpan<byte> row)
    {
        // A top-level field whose name has dots in it goes before the path.
        FieldValue value = _fields[_textSlot];
        if (value.IsPresent || _textPath.Length == 0)
        {
            return value;
        }

        value = _fields[_textRootSlot];
        foreach (byte[] name in _textPath)
        {
            if (value.Kind != JsonTokenType.StartObject)
            {
                return default;
            }

            value = FindProperty(row, value, name);
        }

        return value;
    }

    private static FieldValue FindProperty(ReadOnlySpan<byte> row, FieldValue parent, ReadOnlySpan<byte> name)
    {
        FieldValue found = default;
        Utf8JsonReader reader = FieldTable.Open(row, parent);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMatch = !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(name);
            reader.Read();
            JsonTokenType kind = reader.TokenType;
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMatch)
            {
                found = new FieldValue(kind, parent.Start + start, (int)reader.BytesConsumed - start);
            }
        }

        return found;
    }

    private string? ReadSource(ReadOnlySpan<byte> row, FieldValue value)
    {
        if (!value.IsString || !TryReadString(row, value) || _scratch.Span.IsWhiteSpace())
        {
            return null;
        }

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = _sources.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(_scratch.Span, out string? source))
        {
            return source;
        }

        source = _scratch.Span.ToString();
        if (_sources.Count < MaxKnownSources)
        {
            _sources.Add(source);
        }

        return source;
    }

    private bool TryReadString(ReadOnlySpan<byte> row, FieldValue value)
    {
        _scratch.Truncate(0);
        Utf8JsonReader reader = FieldTable.Open(row, value);
        try
        {
            _scratch.AppendString(ref reader);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
