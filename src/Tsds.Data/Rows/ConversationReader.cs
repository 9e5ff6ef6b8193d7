using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>Reads rows of every schema that holds turns into the one model of a conversation.</summary>
/// <remarks>
/// Datasets mix the formats freely: a list of turns is read by the keys and roles of each turn, and not by the list's
/// name. What is embedded is read by <see cref="TurnReader"/>, without a document; the vocabulary of roles is the same.
/// </remarks>
internal static class ConversationReader
{
    /// <summary>The keys of a turn that say whether it is trained on.</summary>
    public static readonly IReadOnlyList<string> MaskKeys = ["weight", "train", "training", "loss"];

    private static readonly string[] ReasoningKeys = ["reasoning_content", "reasoning", "thinking"];

    private static readonly (string Name, MediaKind Kind)[] MediaColumns =
    [
        ("images", MediaKind.Image),
        ("image", MediaKind.Image),
        ("videos", MediaKind.Video),
        ("video", MediaKind.Video),
        ("audios", MediaKind.Audio),
        ("audio", MediaKind.Audio),
    ];

    /// <summary>Reads a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="schema">Its schema, one that holds turns.</param>
    /// <param name="list">The field that holds them, where the schema has a list.</param>
    /// <returns>The conversation; one with a <see cref="Conversation.Problem"/> where the row cannot be understood.</returns>
    public static Conversation Read(JsonElement row, RowSchema schema, string list)
    {
        try
        {
            Conversation turns = schema switch
            {
                RowSchema.ChatMl or RowSchema.ShareGpt => ReadChat(row, list),
                RowSchema.Preference => ReadPreference(row),
                RowSchema.Alpaca => ReadPair(row, "instruction", "input", "output"),
                RowSchema.PromptCompletion => ReadPair(row, "prompt", second: null, "completion"),
                _ => ReadPair(row, "query", second: null, "response"),
            };
            return turns with { Tools = ReadTools(row), Media = ReadMedia(row) };
        }
        catch (UnreadableTurnException exception)
        {
            return new Conversation { Problem = exception.Message };
        }
    }

    /// <summary>Returns the names of the columns of a row that list media.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Of images, image, videos, video, audios and audio those that hold anything.</returns>
    public static IEnumerable<string> MediaColumnsOf(JsonElement row) =>
        MediaColumns.Where(column => HasContent(row, column.Name, out _)).Select(column => column.Name);

    private static Conversation ReadChat(JsonElement row, string list)
    {
        List<ConversationTurn> turns = ReadTurns(row.GetProperty(list), list);
        if (SystemColumn(row) is not { } system)
        {
            return new Conversation { Turns = turns, QuestionTurns = turns.Count };
        }

        // The same words twice are said once.
        if (turns is [{ Role: TurnRole.System } first, ..] && first.Text == system.Text)
        {
            turns.RemoveAt(0);
        }

        turns.Insert(0, system);
        return new Conversation
        {
            Turns = turns,
            QuestionTurns = turns.Count,
            HasSystemColumn = true,
        };
    }

    private static Conversation ReadPair(JsonElement row, string question, string? second, string answer)
    {
        List<ConversationTurn> turns = [];
        ConversationTurn? system = SystemColumn(row);
        if (system is not null)
        {
            turns.Add(system);
        }

        AddHistory(turns, row);
        List<ConversationTurn> asked = ReadStringOrTurns(row, question, TurnRole.User);
        if (
            second is not null
            && row.TryGetProperty(second, out JsonElement input)
            && input.ValueKind != JsonValueKind.Null
            && asked is [var only]
        )
        {
            string more = TextOf(input, second);
            string joined =
                more.Length == 0 ? only.Text!
                : only.Text!.Length == 0 ? more
                : $"{only.Text}\n{more}";
            asked = [only with { Text = joined }];
        }

        turns.AddRange(asked);
        int asking = turns.Count;
        turns.AddRange(ReadStringOrTurns(row, answer, TurnRole.Assistant));
        return new Conversation
        {
            Turns = turns,
            QuestionTurns = asking,
            HasSystemColumn = system is not null,
        };
    }

    /// <summary>Reads a question with its better and its worse answer.</summary>
    /// <param name="question">The turns of the question, a list; or nothing.</param>
    /// <param name="chosen">The better answer: a string, a turn or a list of turns.</param>
    /// <param name="rejected">The worse answer, likewise.</param>
    /// <returns>The conversation; one with a <see cref="Conversation.Problem"/> where it cannot be understood.</returns>
    public static Conversation ReadPreference(JsonElement question, JsonElement chosen, JsonElement rejected)
    {
        try
        {
            return Join(
                question.ValueKind == JsonValueKind.Array ? ReadTurns(question, "messages") : [],
                ReadAnswer(chosen, "chosen"),
                ReadAnswer(rejected, "rejected")
            );
        }
        catch (UnreadableTurnException exception)
        {
            return new Conversation { Problem = exception.Message };
        }
    }

    private static Conversation ReadPreference(JsonElement row)
    {
        List<ConversationTurn> question = [];
        ConversationTurn? system = SystemColumn(row);
        if (system is not null)
        {
            question.Add(system);
        }

        AddHistory(question, row);
        if (row.TryGetProperty("prompt", out JsonElement prompt) && prompt.ValueKind != JsonValueKind.Null)
        {
            question.AddRange(ReadStringOrTurns(row, "prompt", TurnRole.User));
        }

        return Join(
            question,
            ReadStringOrTurns(row, "chosen", TurnRole.Assistant),
            ReadStringOrTurns(row, "rejected", TurnRole.Assistant)
        ) with
        {
            HasSystemColumn = system is not null,
        };
    }

    private static List<ConversationTurn> ReadAnswer(JsonElement answer, string name) =>
        answer.ValueKind switch
        {
            JsonValueKind.Array => ReadTurns(answer, name),
            JsonValueKind.Object => [ReadTurn(answer, name)],
            _ =>
            [
                new ConversationTurn
                {
                    Role = TurnRole.Assistant,
                    RoleName = "assistant",
                    Place = name,
                    Text = TextOf(answer, name),
                },
            ],
        };

    private static Conversation Join(
        List<ConversationTurn> question,
        List<ConversationTurn> chosen,
        List<ConversationTurn> rejected
    )
    {
        // Some datasets write the question into both answers too, or there alone.
        int repeated = question.Count;
        bool isRepeated =
            repeated > 0
            && StartsWith(chosen, question, skip: 0)
            && StartsWith(rejected, question, skip: 0)
            && chosen.Count > repeated
            && rejected.Count > repeated;
        if (isRepeated)
        {
            chosen.RemoveRange(0, repeated);
            rejected.RemoveRange(0, repeated);
        }

        int common = 0;
        while (
            common < chosen.Count - 1
            && common < rejected.Count - 1
            && StartsWith(chosen, [rejected[common]], skip: common)
        )
        {
            common++;
        }

        question.AddRange(chosen.Take(common));

        // Only the answers are compared: a question is never trained on, whatever its turns say.
        IEnumerable<ConversationTurn> asked = question.Select(turn => turn with { IsTrained = null });
        return new Conversation
        {
            Turns = [.. asked, .. chosen.Skip(common)],
            QuestionTurns = question.Count,
            Rejected = [.. rejected.Skip(common)],
        };
    }

    private static bool StartsWith(List<ConversationTurn> turns, List<ConversationTurn> with, int skip)
    {
        for (int i = 0; i < with.Count; i++)
        {
            if (skip + i >= turns.Count || !SaysTheSame(turns[skip + i], with[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SaysTheSame(ConversationTurn one, ConversationTurn other) =>
        one.Role == other.Role
        && one.Text == other.Text
        && one.Reasoning == other.Reasoning
        && one.Media.SequenceEqual(other.Media)
        && one.Calls.SequenceEqual(other.Calls);

    private static ConversationTurn? SystemColumn(JsonElement row) =>
        row.TryGetProperty("system", out JsonElement system)
        && system.ValueKind == JsonValueKind.String
        && system.GetString() is { Length: > 0 } text
            ? new ConversationTurn
            {
                Role = TurnRole.System,
                RoleName = "system",
                Place = "system",
                Text = text,
            }
            : null;

    private static void AddHistory(List<ConversationTurn> turns, JsonElement row)
    {
        if (!row.TryGetProperty("history", out JsonElement history) || history.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        int index = 0;
        foreach (JsonElement pair in history.EnumerateArray())
        {
            string place = $"history[{index++}]";
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
            {
                throw new UnreadableTurnException($"expected {place} to be a [user, assistant] pair");
            }

            for (int i = 0; i < 2; i++)
            {
                turns.Add(
                    new ConversationTurn
                    {
                        Role = i == 0 ? TurnRole.User : TurnRole.Assistant,
                        RoleName = i == 0 ? "user" : "assistant",
                        Place = $"{place}[{i}]",
                        Text = TextOf(pair[i], $"{place}[{i}]"),
                    }
                );
            }
        }
    }

    private static List<ConversationTurn> ReadStringOrTurns(JsonElement row, string name, TurnRole role)
    {
        JsonElement value = row.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array
            ? ReadTurns(value, name)
            :
            [
                new ConversationTurn
                {
                    Role = role,
                    RoleName = role == TurnRole.User ? "user" : "assistant",
                    Place = name,
                    Text = TextOf(value, name),
                },
            ];
    }

    private static string TextOf(JsonElement value, string place) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null => "",
            _ => throw new UnreadableTurnException($"expected {place} to be a string, found {NameOf(value)}"),
        };

    private static List<ConversationTurn> ReadTurns(JsonElement list, string name)
    {
        List<ConversationTurn> turns = [];
        foreach (JsonElement turn in list.EnumerateArray())
        {
            turns.Add(ReadTurn(turn, string.Create(CultureInfo.InvariantCulture, $"{name}[{turns.Count}]")));
        }

        return turns;
    }

    private static ConversationTurn ReadTurn(JsonElement turn, string place)
    {
        if (turn.ValueKind != JsonValueKind.Object)
        {
            throw new UnreadableTurnException($"expected {place} to be an object, found {NameOf(turn)}");
        }

        string roleName =
            Text(turn, "role")
            ?? Text(turn, "from")
            ?? throw new UnreadableTurnException($"expected {place} to have a role (or from), found none");
        TurnRole role = TurnRoles.Parse(roleName);
        JsonElement content =
            HasContent(turn, "content", out JsonElement value) || HasContent(turn, "value", out value)
                ? value
                : default;
        string? text = ReadContent(content, place, out List<(int, MediaPart)> media);
        IReadOnlyList<ToolCall> calls = ReadCalls(turn, place);
        if (TurnRoles.IsCall(roleName))
        {
            calls = [.. calls, .. ReadCallText(text, place)];
            text = null;
        }

        return new ConversationTurn
        {
            Role = role,
            RoleName = roleName,
            Place = place,
            Text = text,
            HasParts = content.ValueKind == JsonValueKind.Array,
            Media = media,
            Calls = calls,
            CallId = Text(turn, "tool_call_id"),
            Name = Text(turn, "name"),
            Reasoning = ReasoningKeys
                .Select(key => Text(turn, key))
                .FirstOrDefault(found => !string.IsNullOrEmpty(found)),
            IsTrained = ReadMask(turn),
        };
    }

    private static string? ReadContent(JsonElement content, string place, out List<(int, MediaPart)> media)
    {
        media = [];
        switch (content.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return content.GetString();
            case JsonValueKind.Array:
                break;
            default:
                throw new UnreadableTurnException(
                    $"expected the content of {place} to be a string, null or a list of parts, found {NameOf(content)}"
                );
        }

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                text.Append(part.GetString());
            }
            else if (part.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableTurnException(
                    $"expected the content of {place} to be a list of parts, found {NameOf(part)} in it"
                );
            }
            else if (PartText(part) is { } words)
            {
                text.Append(words);
            }
            else
            {
                media.Add((text.Length, ReadPart(part)));
            }
        }

        return text.ToString();
    }

    private static string? PartText(JsonElement part)
    {
        string? type = Text(part, "type");
        return type is null or "text" or "input_text" or "output_text"
            ? Text(part, "text") ?? Text(part, "content") ?? Text(part, "value")
            : null;
    }

    private static MediaPart ReadPart(JsonElement part)
    {
        string type = Text(part, "type") ?? "";
        MediaKind kind =
            type.Contains("image", StringComparison.Ordinal) ? MediaKind.Image
            : type.Contains("video", StringComparison.Ordinal) ? MediaKind.Video
            : type.Contains("audio", StringComparison.Ordinal) ? MediaKind.Audio
            : MediaKind.Other;
        foreach (string name in new[] { type, "url", "path", "image", "video", "audio" })
        {
            if (!part.TryGetProperty(name, out JsonElement value))
            {
                continue;
            }

            string? address =
                value.ValueKind == JsonValueKind.String ? value.GetString()
                : value.ValueKind == JsonValueKind.Object ? Text(value, "url") ?? Text(value, "path")
                : null;
            if (address is { Length: > 0 })
            {
                return new MediaPart(kind, address);
            }
        }

        return new MediaPart(kind, null);
    }

    private static List<ToolCall> ReadCalls(JsonElement turn, string place)
    {
        List<ToolCall> calls = [];
        if (turn.TryGetProperty("tool_calls", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement call in list.EnumerateArray())
            {
                calls.Add(ReadCall(call, $"{place}.tool_calls[{calls.Count}]"));
            }
        }

        if (turn.TryGetProperty("function_call", out JsonElement old) && old.ValueKind == JsonValueKind.Object)
        {
            calls.Add(ReadCall(old, $"{place}.function_call"));
        }

        return calls;
    }

    private static IEnumerable<ToolCall> ReadCallText(string? text, string place)
    {
        if (!TryParse(text ?? "", out JsonElement call))
        {
            throw new UnreadableTurnException(
                $"expected {place} to be a call of a tool as JSON with name and arguments, found other text"
            );
        }

        return call.ValueKind == JsonValueKind.Array
            ? [.. call.EnumerateArray().Select((item, i) => ReadCall(item, $"{place}[{i}]"))]
            : [ReadCall(call, place)];
    }

    private static ToolCall ReadCall(JsonElement call, string place)
    {
        JsonElement function =
            call.ValueKind == JsonValueKind.Object
            && call.TryGetProperty("function", out JsonElement inner)
            && inner.ValueKind == JsonValueKind.Object
                ? inner
                : call;
        if (function.ValueKind != JsonValueKind.Object || Text(function, "name") is not { Length: > 0 } name)
        {
            throw new UnreadableTurnException($"expected {place} to name a function, found none");
        }

        string arguments = "{}";
        if (HasContent(function, "arguments", out JsonElement value) || HasContent(function, "parameters", out value))
        {
            arguments = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (arguments.AsSpan().IsWhiteSpace())
            {
                arguments = "{}";
            }

            if (!TryParse(arguments, out _))
            {
                throw new UnreadableTurnException($"expected the arguments of {place} to be JSON, found other text");
            }
        }

        return new ToolCall(Text(call, "id"), name, arguments);
    }

    private static bool? ReadMask(JsonElement turn)
    {
        foreach (string key in MaskKeys)
        {
            if (!turn.TryGetProperty(key, out JsonElement value))
            {
                continue;
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.True:
                    return true;
                case JsonValueKind.False:
                    return false;
                case JsonValueKind.Number:
                    return value.GetDouble() != 0;
            }
        }

        return null;
    }

    /// <summary>Reads the tools that a row describes.</summary>
    /// <param name="row">The row, or an object within it.</param>
    /// <returns>A list, or null where there are none.</returns>
    public static JsonElement? ReadTools(JsonElement row)
    {
        bool isOld = false;
        if (!HasContent(row, "tools", out JsonElement tools))
        {
            isOld = HasContent(row, "functions", out tools);
            if (!isOld)
            {
                return null;
            }
        }

        if (tools.ValueKind == JsonValueKind.String && !TryParse(tools.GetString()!, out tools))
        {
            throw new UnreadableTurnException("expected tools to be a list or its JSON text, found other text");
        }

        if (tools.ValueKind == JsonValueKind.Object)
        {
            tools = Parse($"[{tools.GetRawText()}]");
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw new UnreadableTurnException($"expected tools to be a list, found {NameOf(tools)}");
        }

        if (tools.GetArrayLength() == 0)
        {
            return null;
        }

        return isOld
            ? Parse(
                $"[{string.Join(',', tools.EnumerateArray().Select(tool => $$"""{"type":"function","function":{{tool.GetRawText()}}}"""))}]"
            )
            : tools;
    }

    private static List<MediaPart> ReadMedia(JsonElement row)
    {
        List<MediaPart> media = [];
        foreach ((string name, MediaKind kind) in MediaColumns)
        {
            if (!HasContent(row, name, out JsonElement value))
            {
                continue;
            }

            IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
            media.AddRange(
                items.Select(item => new MediaPart(
                    kind,
                    item.ValueKind switch
                    {
                        JsonValueKind.String => item.GetString(),
                        JsonValueKind.Object => Text(item, "path") ?? Text(item, "url"),
                        _ => null,
                    }
                ))
            );
        }

        return media;
    }

    /// <summary>Determines whether a field has a value: not null, not an empty string or list.</summary>
    private static bool HasContent(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value)
        && value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.String => name is "content" or "value" || value.GetString()!.Length > 0,
            JsonValueKind.Array => name is "content" or "value" || value.GetArrayLength() > 0,
            _ => true,
        };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    private static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static string NameOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null or JsonValueKind.Undefined => "null",
            _ => "a boolean",
        };

    /// <summary>Ends the reading of a row from within; never leaves this class.</summary>
    [SuppressMessage("Design", "CA1032", Justification = "It is thrown and caught here alone.")]
    [SuppressMessage("Design", "CA1064", Justification = "It is thrown and caught here alone.")]
    private sealed class UnreadableTurnException(string message) : Exception(message);
}
