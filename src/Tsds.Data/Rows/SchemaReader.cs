using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>Determines which schemas a row fits, and reads the turns of a row of a schema.</summary>
/// <remarks>A method that returns false leaves the reason in <see cref="Problem"/>.</remarks>
internal sealed class SchemaReader
{
    private readonly FieldTable _fields;
    private readonly RowText _text;
    private readonly TurnReader _turns;
    private readonly string? _textField;
    private readonly byte[][] _textPath;
    private readonly int _textSlot;
    private readonly int _textRootSlot;
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
    private readonly RowSchema? _wanted;

    // Of the current row, the list of turns with role and content, and that with from and value:
    private FieldValue _chatMl;
    private string _chatMlName = string.Empty;
    private FieldValue _shareGpt;
    private string _shareGptName = string.Empty;

    /// <summary>Initializes a new instance of the <see cref="SchemaReader"/> class.</summary>
    /// <param name="fields">The fields of the current row, to which the schemas add theirs.</param>
    /// <param name="text">Receives the turns.</param>
    /// <param name="textField">The field that the user named, or null.</param>
    /// <param name="wanted">The schema that the user named, or null.</param>
    public SchemaReader(FieldTable fields, RowText text, string? textField, RowSchema? wanted)
    {
        _fields = fields;
        _wanted = wanted;
        _text = text;
        _turns = new TurnReader(text);
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
        _textField = textField;
        string[] path = _textField?.Split('.') ?? [];
        _textPath = [.. path.Skip(1).Select(Encoding.UTF8.GetBytes)];
        _textSlot = _textField is null ? -1 : _fields.Add(_textField);
        _textRootSlot = _textField is null ? -1 : _fields.Add(path[0]);
    }

    /// <summary>
    /// Gets a description of the problem, expected and found, for the last method that returned false.
    /// </summary>
    public string Problem { get; private set; } = string.Empty;

    /// <summary>Returns the bit of a schema in a set of schemas.</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>A power of two.</returns>
    public static uint BitOf(RowSchema schema) => 1u << (int)schema;

    /// <summary>Returns the schemas whose fields the scanned row has.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One bit per <see cref="RowSchema"/>.</returns>
    public uint FindSchemas(ReadOnlySpan<byte> row)
    {
        uint schemas =
            Bit(RowSchema.TextField, _textField is not null && FindTextField(row).IsPresent)
            | FindUsualLists(row)
            | Bit(RowSchema.Preference, IsPreference())
            | Bit(RowSchema.Alpaca, _fields[_instruction].IsString && _fields[_output].IsString)
            | Bit(RowSchema.PromptCompletion, _fields[_prompt].IsStringOrArray && _fields[_completion].IsStringOrArray)
            | Bit(RowSchema.QueryResponse, _fields[_query].IsString && _fields[_response].IsString)
            | Bit(RowSchema.Text, _fields[_plainText].IsString);
        uint chat = BitOf(RowSchema.ChatMl) | BitOf(RowSchema.ShareGpt);
        bool isChatWanted = _wanted is RowSchema.ChatMl or RowSchema.ShareGpt;
        if (schemas == 0 || (isChatWanted && (schemas & chat) == 0))
        {
            schemas |= FindMessages(row);
        }

        // Who asks for one of the two names means a list of turns; each turn is read by its own keys.
        if (isChatWanted && (schemas & chat) != 0)
        {
            schemas |= BitOf(_wanted!.Value);
        }

        return schemas
            | Bit(
                RowSchema.Pretokenized,
                _fields[_inputIds].IsArray && (schemas == 0 || _wanted == RowSchema.Pretokenized)
            );
    }

    /// <summary>Adds the turns of the scanned row to the text.</summary>
    /// <param name="row">The row.</param>
    /// <param name="schema">A schema that the row fits.</param>
    /// <returns>False when a field is not as it should be.</returns>
    public bool TryAddTurns(ReadOnlySpan<byte> row, RowSchema schema)
    {
        switch (schema)
        {
            case RowSchema.TextField:
                FieldValue value = FindTextField(row);
                if (!value.IsString)
                {
                    return Fail(
                        $"expected the field {_textField} to be a string, found {FieldTable.NameOf(value.Kind)}"
                    );
                }

                _turns.AddString(row, value, TurnRole.Text);
                return true;
            case RowSchema.ChatMl:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return TryAddMessages(row, schema);
            case RowSchema.ShareGpt:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return TryAddMessages(row, schema);
            case RowSchema.Preference:
                return TryAddPreference(row) || Fail(_turns.Problem);
            case RowSchema.Alpaca:
                return TryAddPair(row, _instruction, _input, _output);
            case RowSchema.QueryResponse:
                return TryAddPair(row, _query, second: -1, _response);
            case RowSchema.PromptCompletion:
                _turns.AddString(row, _fields[_system], TurnRole.System);
                return (
                        _turns.TryAddStringOrMessages(row, _fields[_prompt], "prompt", TurnRole.User)
                        && _turns.TryAddStringOrMessages(row, _fields[_completion], "completion", TurnRole.Assistant)
                    ) || Fail(_turns.Problem);
            case RowSchema.Pretokenized:
                return true;
            default:
                Debug.Assert(schema == RowSchema.Text, "It is the only one left.");
                _turns.AddString(row, _fields[_plainText], TurnRole.Text);
                return true;
        }
    }

    private static uint Bit(RowSchema schema, bool isSet) => isSet ? BitOf(schema) : 0;

    private bool IsPreference() =>
        _fields[_chosen].IsStringOrArray
        && _fields[_rejected].IsStringOrArray
        && (!_fields[_prompt].IsPresent || _fields[_prompt].IsStringOrArray);

    /// <summary>Returns the name of the list of turns of the row whose schemas were found last.</summary>
    /// <param name="schema">Of the schemas, one that has a list.</param>
    public string ListOf(RowSchema schema) => HasOwn(schema) ? NameOfOwn(schema) : NameOfOwn(Other(schema));

    private static RowSchema Other(RowSchema schema) =>
        schema == RowSchema.ChatMl ? RowSchema.ShareGpt : RowSchema.ChatMl;

    private bool HasOwn(RowSchema schema) => (schema == RowSchema.ChatMl ? _chatMl : _shareGpt).IsArray;

    private string NameOfOwn(RowSchema schema) => schema == RowSchema.ChatMl ? _chatMlName : _shareGptName;

    private uint Note(RowSchema schema, FieldValue list, string name)
    {
        if (schema == RowSchema.ChatMl)
        {
            (_chatMl, _chatMlName) = (list, name);
        }
        else
        {
            (_shareGpt, _shareGptName) = (list, name);
        }

        return BitOf(schema);
    }

    /// <summary>
    /// Looks at the two usual names of a list of turns. Which schema a list has follows from the keys of its first turn;
    /// one that does not tell counts by its name.
    /// </summary>
    private uint FindUsualLists(ReadOnlySpan<byte> row)
    {
        (_chatMl, _shareGpt) = (default, default);
        uint found = 0;
        FieldValue list = _fields[_messages];
        if (list.IsArray)
        {
            found = Note(SchemaOfMessages(FieldTable.Open(row, list)) ?? RowSchema.ChatMl, list, "messages");
        }

        list = _fields[_conversations];
        if (list.IsArray)
        {
            RowSchema schema = SchemaOfMessages(FieldTable.Open(row, list)) ?? RowSchema.ShareGpt;
            if ((found & BitOf(schema)) == 0)
            {
                found |= Note(schema, list, "conversations");
            }
        }

        return found;
    }

    /// <summary>
    /// Finds a list of messages under another name: <c>texts</c>, or the only field with the structure of one.
    /// </summary>
    private uint FindMessages(ReadOnlySpan<byte> row)
    {
        RowSchema found = default;
        FieldValue list = default;
        string listName = string.Empty;
        int count = 0;
        var reader = new Utf8JsonReader(row, FieldTable.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader name = reader;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            RowSchema? schema = reader.TokenType == JsonTokenType.StartArray ? SchemaOfMessages(reader) : null;
            reader.Skip();
            if (schema is null)
            {
                continue;
            }

            found = schema.Value;
            list = new FieldValue(JsonTokenType.StartArray, start, (int)reader.BytesConsumed - start);
            listName = name.GetString()!;
            count++;
            if (listName == "texts")
            {
                count = 1;
                break;
            }
        }

        return count == 1 ? Note(found, list, listName) : 0;
    }

    /// <summary>Determines from its first element whether a list is one of messages, and of which schema.</summary>
    /// <param name="reader">A reader at the beginning of the list; a copy, so that the caller's stays there.</param>
    private static RowSchema? SchemaOfMessages(Utf8JsonReader reader)
    {
        reader.Read();
        bool hasRole = false;
        bool hasContent = false;
        bool hasFrom = false;
        bool hasValue = false;
        while (
            reader.TokenType != JsonTokenType.EndArray
            && reader.Read()
            && reader.TokenType == JsonTokenType.PropertyName
        )
        {
            bool isRole = reader.ValueTextEquals("role"u8);
            bool isFrom = reader.ValueTextEquals("from"u8);
            hasContent |= reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("tool_calls"u8);
            hasValue |= reader.ValueTextEquals("value"u8);
            reader.Read();

            // Tables write null for the names that a turn does not use, beside those that it does.
            hasRole |= isRole && reader.TokenType != JsonTokenType.Null;
            hasFrom |= isFrom && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }

        return hasRole && hasContent ? RowSchema.ChatMl
            : hasFrom && hasValue ? RowSchema.ShareGpt
            : null;
    }

    private bool TryAddMessages(ReadOnlySpan<byte> row, RowSchema schema)
    {
        RowSchema held = HasOwn(schema) ? schema : Other(schema);
        FieldValue list = held == RowSchema.ChatMl ? _chatMl : _shareGpt;
        return _turns.TryAddMessages(row, list, NameOfOwn(held)) || Fail(_turns.Problem);
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
        int prompt = _text.Turns.Length;
        if (!_turns.TryAddStringOrMessages(row, _fields[_prompt], "prompt", TurnRole.User))
        {
            return false;
        }

        int chosen = _text.Turns.Length;
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

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
