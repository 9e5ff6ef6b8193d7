using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>Reads the turns of one row into its text, and describes what is wrong with a malformed row.</summary>
/// <remarks>
/// The shapes differ in details that datasets mix freely, so that lists of messages accept role and content as well as
/// from and value, whatever the list is called.
/// </remarks>
internal sealed class TurnReader
{
    private readonly RowText _text;

    /// <summary>Initializes a new instance of the <see cref="TurnReader"/> class.</summary>
    /// <param name="text">Receives the turns.</param>
    public TurnReader(RowText text)
    {
        _text = text;
    }

    /// <summary>
    /// Gets a description of the problem, expected and found, for the last method that returned false.
    /// </summary>
    public string Problem { get; private set; } = string.Empty;

    /// <summary>Adds a string field as a turn.</summary>
    /// <param name="row">The row.</param>
    /// <param name="value">The field; one that is no string adds nothing.</param>
    /// <param name="role">Who speaks.</param>
    public void AddString(ReadOnlySpan<byte> row, FieldValue value, TurnRole role)
    {
        _text.BeginTurn();
        AppendPart(row, value);
        _text.EndTurn(role);
    }

    /// <summary>Adds two string fields as one turn, the second on a line of its own.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The first field.</param>
    /// <param name="second">The second field.</param>
    /// <param name="role">Who speaks.</param>
    public void AddStrings(ReadOnlySpan<byte> row, FieldValue first, FieldValue second, TurnRole role)
    {
        _text.BeginTurn();
        AppendPart(row, first);
        AppendPart(row, second);
        _text.EndTurn(role);
    }

    /// <summary>Adds a field that is a string or a list of messages.</summary>
    /// <param name="row">The row.</param>
    /// <param name="value">The field.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="role">Who speaks when it is a string.</param>
    /// <returns>False when it is neither; <see cref="Problem"/> says more.</returns>
    public bool TryAddStringOrMessages(ReadOnlySpan<byte> row, FieldValue value, string name, TurnRole role)
    {
        if (value.IsArray)
        {
            return TryAddMessages(row, value, name);
        }

        AddString(row, value, role);
        return true;
    }

    /// <summary>Adds a list of messages.</summary>
    /// <param name="row">The row.</param>
    /// <param name="value">The list.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>False when something in it is not as it should be; <see cref="Problem"/> says more.</returns>
    public bool TryAddMessages(ReadOnlySpan<byte> row, FieldValue value, string name)
    {
        Utf8JsonReader reader = FieldTable.Open(row, value);
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Fail($"expected {name}[{i}] to be an object, found {FieldTable.NameOf(reader.TokenType)}");
            }

            if (!TryAddMessage(ref reader, name, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds earlier turns written as pairs: [[user, assistant], ...].</summary>
    /// <param name="row">The row.</param>
    /// <param name="value">The list; absent adds nothing.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>False when it is something else; <see cref="Problem"/> says more.</returns>
    public bool TryAddHistory(ReadOnlySpan<byte> row, FieldValue value, string name)
    {
        if (!value.IsPresent)
        {
            return true;
        }

        if (!value.IsArray)
        {
            return Fail(
                $"expected {name} to be a list of [user, assistant] pairs, found {FieldTable.NameOf(value.Kind)}"
            );
        }

        Utf8JsonReader reader = FieldTable.Open(row, value);
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return Fail(
                    $"expected {name}[{i}] to be a [user, assistant] pair, found {FieldTable.NameOf(reader.TokenType)}"
                );
            }

            int count = 0;
            for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            {
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                {
                    return Fail(
                        $"expected {name}[{i}][{count}] to be a string, found {FieldTable.NameOf(reader.TokenType)}"
                    );
                }

                _text.BeginTurn();
                if (reader.TokenType == JsonTokenType.String)
                {
                    _text.AppendPart(ref reader);
                }

                _text.EndTurn(count == 0 ? TurnRole.User : TurnRole.Assistant);
            }

            if (count != 2)
            {
                return Fail($"expected {name}[{i}] to be a [user, assistant] pair, found a list of {count}");
            }
        }

        return true;
    }

    private void AppendPart(ReadOnlySpan<byte> row, FieldValue value)
    {
        if (value.IsString)
        {
            Utf8JsonReader reader = FieldTable.Open(row, value);
            _text.AppendPart(ref reader);
        }
    }

    private bool TryAddMessage(ref Utf8JsonReader reader, string name, int index)
    {
        TurnRole? role = null;
        JsonTokenType content = JsonTokenType.None;
        bool hasCalls = false;
        _text.BeginTurn();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isRole = reader.ValueTextEquals("role"u8) || reader.ValueTextEquals("from"u8);
            bool isContent = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("value"u8);
            bool isCalls = reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("function_call"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
            {
                role = TurnRoles.Read(ref reader);
            }
            else if (isContent && reader.TokenType == JsonTokenType.Null && content != JsonTokenType.None)
            {
                // Tables write null for the name that a message does not use, beside the one that it does.
            }
            else if (isContent)
            {
                content = reader.TokenType;
                _text.RestartTurn();
                if (!TryAppendContent(ref reader, name, index))
                {
                    return false;
                }
            }
            else
            {
                hasCalls |= isCalls && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
                reader.Skip();
            }
        }

        if (role is null)
        {
            return Fail($"expected {name}[{index}] to have a string field role (or from), found none");
        }

        if (content is JsonTokenType.None or JsonTokenType.Null && !hasCalls)
        {
            return Fail(
                $"expected {name}[{index}] to have content (or value, or tool_calls), found "
                    + $"{FieldTable.NameOf(content)}"
            );
        }

        _text.EndTurn(role.Value);
        return true;
    }

    private bool TryAppendContent(ref Utf8JsonReader reader, string name, int index)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                _text.AppendPart(ref reader);
                return true;
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.StartArray:
                return TryAppendParts(ref reader, name, index);
            default:
                return Fail(
                    $"expected the content of {name}[{index}] to be a string, null or a list of parts, "
                        + $"found {FieldTable.NameOf(reader.TokenType)}"
                );
        }
    }

    private bool TryAppendParts(ref Utf8JsonReader reader, string name, int index)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                _text.AppendPart(ref reader);
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Fail(
                    $"expected the content of {name}[{index}] to be a list of objects, found "
                        + $"{FieldTable.NameOf(reader.TokenType)} in it"
                );
            }

            // Parts of other types (images, sound) have no field text and add nothing.
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isText = reader.ValueTextEquals("text"u8);
                reader.Read();
                if (isText && reader.TokenType == JsonTokenType.String)
                {
                    _text.AppendPart(ref reader);
                }

                reader.Skip();
            }
        }

        return true;
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
