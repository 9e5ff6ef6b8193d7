using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>Reads rows of every schema that holds turns into the one model of a conversation.</summary>
/// <remarks>
/// Datasets mix the formats freely: a list of turns is read by the keys and roles of each turn, and not by the list's
/// name. What is embedded is read by <see cref="TurnReader"/>, without a document; the vocabulary of roles is the same.
/// </remarks>
internal static class ConversationReader
{
    /// <summary>Reads a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="schema">Its schema, one that holds turns.</param>
    /// <param name="list">The field that holds them, where the schema has a list.</param>
    /// <returns>The conversation; one with a <see cref="Conversation.Problem"/> where the row cannot be
    /// understood.</returns>
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
            return turns with { Tools = ToolReader.Read(row), Media = ListedMedia.Read(row) };
        }
        catch (UnreadableTurnException exception)
        {
            return new Conversation { Problem = exception.Message };
        }
    }

    private static Conversation ReadChat(JsonElement row, string list)
    {
        List<ConversationTurn> turns = MessageReader.ReadList(row.GetProperty(list), list);
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
            string more = RowJson.TextOf(input, second);
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
    /// <returns>The conversation; one with a <see cref="Conversation.Problem"/> where it cannot be
    /// understood.</returns>
    public static Conversation ReadPreference(JsonElement question, JsonElement chosen, JsonElement rejected)
    {
        try
        {
            return Join(
                question.ValueKind == JsonValueKind.Array ? MessageReader.ReadList(question, "messages") : [],
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
            JsonValueKind.Array => MessageReader.ReadList(answer, name),
            JsonValueKind.Object => [MessageReader.Read(answer, name)],
            _ =>
            [
                new ConversationTurn
                {
                    Role = TurnRole.Assistant,
                    RoleName = "assistant",
                    Place = name,
                    Text = RowJson.TextOf(answer, name),
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
                        Text = RowJson.TextOf(pair[i], $"{place}[{i}]"),
                    }
                );
            }
        }
    }

    private static List<ConversationTurn> ReadStringOrTurns(JsonElement row, string name, TurnRole role)
    {
        JsonElement value = row.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array
            ? MessageReader.ReadList(value, name)
            :
            [
                new ConversationTurn
                {
                    Role = role,
                    RoleName = role == TurnRole.User ? "user" : "assistant",
                    Place = name,
                    Text = RowJson.TextOf(value, name),
                },
            ];
    }
}
