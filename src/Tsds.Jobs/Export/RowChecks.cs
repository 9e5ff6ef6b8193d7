using System.Globalization;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Finds what a trainer would fail on or lose in a row, before anything is written.</summary>
internal sealed class RowChecks(ExportLayout layout)
{
    private readonly TrainerRules _rules = layout.Rules;

    /// <summary>Checks a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Find(SelectedRow row) =>
        row.Problem
        ?? row.Schema switch
        {
            RowSchema.Pretokenized => FindInTokens(row.Json),
            RowSchema.TextField or RowSchema.Text => row.Conversation is null && IsBlank(row)
                ? "expected text to hold something to train on, found nothing"
                : null,
            RowSchema.Preference => FindInPreference(row.Conversation!),
            _ => FindInConversation(row.Conversation!, row.Conversation!.Turns),
        };

    private static bool IsBlank(SelectedRow row) =>
        row.Schema == RowSchema.Text && string.IsNullOrWhiteSpace(row.Json.GetProperty("text").GetString());

    private string? FindInPreference(Conversation conversation)
    {
        if (_rules.KeepsAll && layout.Form == ExportForm.AsIs)
        {
            return null;
        }

        if (_rules.KeepsAll || conversation.Problem is not null)
        {
            return conversation.Problem;
        }

        ConversationTurn[] question = [.. conversation.Turns.Take(conversation.QuestionTurns)];
        ConversationTurn[] chosen = [.. conversation.Turns.Skip(conversation.QuestionTurns)];
        bool isOneTurnEach = chosen.Length == 1 && conversation.Rejected.Count == 1;
        bool hasQuestion = question.Any(turn => turn.Role != TurnRole.System && turn.HasContent);
        bool mayLackQuestion =
            _rules.Preference == PreferenceForm.Columns && layout.IsStrings && !layout.Survey.HasQuestions;
        if (!hasQuestion && !mayLackQuestion)
        {
            return "expected a question to the answers chosen and rejected, found none";
        }

        if (chosen.Length == 0 || conversation.Rejected.Count == 0)
        {
            return "expected chosen and rejected to hold an answer each, found none";
        }

        if (!isOneTurnEach && _rules.Preference is not (PreferenceForm.Columns or PreferenceForm.Conversations))
        {
            return $"expected chosen and rejected to differ in one answer each, as {_rules.Name} takes them, found "
                + $"{chosen.Length} and {conversation.Rejected.Count} turns";
        }

        if (
            _rules.Preference is PreferenceForm.Turns or PreferenceForm.Response or PreferenceForm.Conversations
            && conversation.AllTurns.FirstOrDefault(turn => turn.Calls.Count > 0) is { } caller
        )
        {
            return $"expected {caller.Place} without calls of tools, which {_rules.Name} does not read in preferences, "
                + "found some";
        }

        if (chosen.Concat(conversation.Rejected).FirstOrDefault(turn => turn.IsTrained == false) is { } masked)
        {
            return $"expected answers to compare, found {masked.Place} with weight 0 (or train false)";
        }

        if (!_rules.ReadsAllOfPreferences && conversation.Tools is not null)
        {
            return $"expected a preference without tools, for which {_rules.Name} has no place, found some";
        }

        if (
            !_rules.ReadsAllOfPreferences
            && conversation.AllTurns.FirstOrDefault(turn => turn.Reasoning is not null) is { } thinker
        )
        {
            return $"expected {thinker.Place} without reasoning, for which {_rules.Name} has no place in preferences, "
                + "found some";
        }

        if (
            _rules.Preference == PreferenceForm.Response
            && isOneTurnEach
            && chosen[0].Text == conversation.Rejected[0].Text
        )
        {
            return $"expected chosen and rejected to differ, because {_rules.Name} drops such rows, "
                + $"found the same text";
        }

        return FindInConversation(conversation, conversation.Turns)
            ?? FindInConversation(conversation, [.. question, .. conversation.Rejected]);
    }

    private string? FindInConversation(Conversation conversation, IReadOnlyList<ConversationTurn> turns)
    {
        if (_rules.KeepsAll && layout.Form == ExportForm.AsIs)
        {
            return null;
        }

        if (_rules.KeepsAll || conversation.Problem is not null)
        {
            return conversation.Problem;
        }

        foreach (ConversationTurn turn in turns)
        {
            if ((FindInTurn(turn) ?? FindInContent(turn)) is { } wrong)
            {
                return wrong;
            }
        }

        return FindInOrder(turns)
            ?? FindInMedia(conversation, turns)
            ?? (
                conversation.Tools is not null && _rules.Tools == ToolsForm.None
                    ? $"expected a row without tools, for which {_rules.Name} has no place, found some"
                : turns.Any(turn => turn is { Role: TurnRole.Assistant, IsTrained: not false }) ? null
                : turns.Any(turn => turn.Role == TurnRole.Assistant)
                    ? "expected an answer to train on, found none but those with weight 0"
                : "expected an answer of the assistant to train on, found none"
            );
    }

    private string? FindInTurn(ConversationTurn turn)
    {
        if (turn.Role is TurnRole.Other or TurnRole.Text)
        {
            return $"expected the role of {turn.Place} to be one that {_rules.Name} knows (system, user, assistant or "
                + $"tool), found {turn.RoleName}";
        }

        if (_rules.Calls == CallForm.None && (turn.Role == TurnRole.Tool || turn.Calls.Count > 0))
        {
            return $"expected {turn.Place} without calls of tools and their answers, for which {_rules.Name} has no "
                + $"place, found {(turn.Role == TurnRole.Tool ? "an answer" : "a call")}";
        }

        if (turn.Calls.Count > 0 && turn.Role != TurnRole.Assistant)
        {
            return $"expected tools to be called by the assistant alone, found a call in {turn.Place} from "
                + turn.RoleName;
        }

        if (turn.Calls.Count > 0 && _rules.Calls == CallForm.Turn && !string.IsNullOrWhiteSpace(turn.Text))
        {
            return $"expected {turn.Place} to hold text or calls of tools, because {_rules.Name} "
                + $"takes one of them, found "
                + "both";
        }

        if (turn.Reasoning is not null && (_rules.Reasoning == ReasoningForm.None || turn.Role != TurnRole.Assistant))
        {
            return $"expected {turn.Place} without reasoning, for which {_rules.Name} has no place, found some";
        }

        if (turn.Reasoning is not null && turn.Calls.Count > 0 && _rules.Reasoning == ReasoningForm.Tags)
        {
            return $"expected {turn.Place} to hold reasoning or calls of tools, because "
                + $"{_rules.Name} takes one of them, "
                + "found both";
        }

        return turn is { Role: TurnRole.Assistant, IsTrained: false } && _rules.Mask == MaskForm.None
            ? $"expected every answer to be trained on, because {_rules.Name} cannot leave one out, found "
                + $"{turn.Place} with weight 0 (or train false)"
            : null;
    }

    private string? FindInContent(ConversationTurn turn)
    {
        if (turn.Text is null && turn.Calls.Count == 0)
        {
            return $"expected {turn.Place} to have content or tool_calls, found null";
        }

        if (!turn.HasContent && (turn.Role == TurnRole.Assistant || !_rules.TakesEmptyText))
        {
            return turn.Role == TurnRole.Assistant
                ? $"expected an answer in {turn.Place}, found an empty one"
                : $"expected text in {turn.Place}, found none";
        }

        foreach ((_, MediaPart part) in turn.Media)
        {
            bool isRead =
                _rules.Media == MediaForm.Columns
                    ? part.Kind != MediaKind.Other
                    : _rules.Media == MediaForm.ImageParts
                        && part.Kind == MediaKind.Image
                        && turn.Role == TurnRole.User;
            if (!isRead || part.Address is null)
            {
                return isRead
                    ? $"expected each part of {turn.Place} to name its file, found one that does not"
                    : $"expected {turn.Place} to hold text, found a part that {_rules.Name} cannot be given";
            }
        }

        return null;
    }

    private string? FindInOrder(IReadOnlyList<ConversationTurn> turns)
    {
        if (turns.Count == 0)
        {
            return "expected at least one turn, found none";
        }

        if (_rules.Order == TurnOrder.Any)
        {
            return null;
        }

        TurnRole? before = null;
        for (int i = 0; i < turns.Count; i++)
        {
            TurnRole role = turns[i].Role;
            bool isAllowed = _rules.Order switch
            {
                TurnOrder.Alternating => role switch
                {
                    TurnRole.System => i == 0,
                    TurnRole.Assistant => before is TurnRole.User or TurnRole.Tool,
                    _ => before is null or TurnRole.System or TurnRole.Assistant,
                },
                TurnOrder.UserFirst => role switch
                {
                    TurnRole.System => i == 0,
                    TurnRole.Assistant => before == TurnRole.User,
                    _ => before != TurnRole.User,
                },
                TurnOrder.Rounds => role switch
                {
                    TurnRole.System => i == 0,
                    TurnRole.Tool => before is TurnRole.Assistant or TurnRole.Tool,
                    TurnRole.User => before != TurnRole.Tool,
                    _ => true,
                },
                _ => role != TurnRole.Tool || before is TurnRole.Assistant or TurnRole.Tool,
            };
            if (!isAllowed)
            {
                return Misplaced(turns[i], before);
            }

            before = role;
        }

        bool endsWithAnswer = _rules.Order is TurnOrder.Alternating or TurnOrder.Rounds or TurnOrder.AnswerLast;
        return endsWithAnswer && before != TurnRole.Assistant
                ? $"expected the conversation to end with the assistant, as {_rules.Name} wants it, found a last turn "
                    + $"from {turns[^1].RoleName}"
            : _rules.Order == TurnOrder.UserFirst && turns.Count < 2
                ? $"expected at least two turns, as {_rules.Name} wants them, found one"
            : _rules.Order == TurnOrder.AnswerLast ? FindInAnswers(turns)
            : null;
    }

    /// <summary>Finds an answer of a tool that answers no call: each call is answered once at most.</summary>
    private static string? FindInAnswers(IReadOnlyList<ConversationTurn> turns)
    {
        List<string?> open = [];
        foreach (ConversationTurn turn in turns)
        {
            if (turn.Role != TurnRole.Tool)
            {
                open.AddRange(turn.Calls.Select(call => call.Id));
                continue;
            }

            int call = turn.CallId is null ? 0 : open.IndexOf(turn.CallId);
            if (call < 0 || open.Count == 0)
            {
                return $"expected {turn.Place} to answer a call of a tool, found none that is not answered yet";
            }

            open.RemoveAt(call);
        }

        return null;
    }

    private string Misplaced(ConversationTurn turn, TurnRole? before)
    {
        string after = before is null ? "first" : $"after {NameOf(before.Value)}";
        string wanted = _rules.Order switch
        {
            TurnOrder.Alternating => "a user or a tool and the assistant in turn, after one system prompt at most",
            TurnOrder.UserFirst => "the assistant after the user and the system first",
            TurnOrder.Rounds => "the system first and tools after the assistant",
            _ => "tools after the assistant",
        };
        return $"expected {wanted}, because {_rules.Name} drops or refuses other orders, found {turn.Place} from "
            + $"{turn.RoleName} {after}";
    }

    private static string NameOf(TurnRole role) =>
        role == TurnRole.Other ? "another" : role.ToString().ToLowerInvariant();

    private string? FindInMedia(Conversation conversation, IReadOnlyList<ConversationTurn> turns)
    {
        if (conversation.Media.Count == 0 && turns.All(turn => turn.Media.Count == 0))
        {
            return null;
        }

        if (_rules.Media != MediaForm.Columns)
        {
            return conversation.Media.Count == 0
                ? null
                : $"expected a row without a column of media, which {_rules.Name} cannot be given, found "
                    + string.Join(", ", layout.Survey.MediaColumns);
        }

        if (conversation.Media.Count > 0 && turns.Any(turn => turn.Media.Count > 0))
        {
            return "expected media in turns or in columns, found both";
        }

        foreach (IGrouping<MediaKind, MediaPart> group in conversation.Media.GroupBy(part => part.Kind))
        {
            string placeholder = MediaPart.PlaceholderOf(group.Key);
            int places = turns.Sum(turn => Count(turn.Text, placeholder));
            if (group.Any(part => part.Address is null))
            {
                return $"expected {MediaPart.ColumnOf(group.Key)} to be a list of paths, found something else in it";
            }

            if (places != group.Count())
            {
                return $"expected {placeholder} in the text once for each of {MediaPart.ColumnOf(group.Key)} "
                    + $"({group.Count()}), found it {places} times";
            }
        }

        return null;
    }

    private static int Count(string? text, string placeholder) =>
        text is null ? 0 : text.Split(placeholder, StringSplitOptions.None).Length - 1;

    private static string? FindInTokens(JsonElement json)
    {
        int length = json.GetProperty("input_ids").GetArrayLength();
        foreach (string name in new[] { "attention_mask", "labels" })
        {
            if (
                json.TryGetProperty(name, out JsonElement value)
                && value.ValueKind != JsonValueKind.Null
                && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != length)
            )
            {
                string found =
                    value.ValueKind == JsonValueKind.Array
                        ? value.GetArrayLength().ToString(CultureInfo.InvariantCulture)
                        : "no list";
                return $"expected {name} to have the {length} elements of input_ids, found {found}";
            }
        }

        return length > 0 ? null : "expected input_ids to hold something to train on, found nothing";
    }
}
