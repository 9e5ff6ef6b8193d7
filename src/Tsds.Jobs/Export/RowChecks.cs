using System.Globalization;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Finds rows that would break a training, before anything is written.</summary>
internal sealed class RowChecks(Trainer trainer, RowLayout layout)
{
    private static readonly string[] UserRoles = ["user", "human"];
    private static readonly string[] AssistantRoles = ["assistant", "gpt", "model", "function_call"];
    private static readonly string[] ToolRoles = ["tool", "observation", "ipython", "function"];
    private static readonly string[] SystemRoles = ["system", "developer"];

    private readonly JsonShape _shape = new();

    /// <summary>Gets the shape of all rows that passed.</summary>
    public JsonShape Shape => _shape;

    /// <summary>Checks a row as it would be written; returns what is wrong with it, or null.</summary>
    /// <param name="json">The row.</param>
    /// <param name="number">Its line in the selection.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Find(JsonElement json, long number)
    {
        string? problem = layout.Schema switch
        {
            RowSchema.ChatMl or RowSchema.ShareGpt => FindInMessages(json),
            RowSchema.Alpaca => FindEmpty(json, "output"),
            RowSchema.PromptCompletion => FindEmpty(json, "completion"),
            RowSchema.QueryResponse => FindEmpty(json, "response"),
            RowSchema.Preference => FindEmpty(json, "chosen") ?? FindEmpty(json, "rejected"),
            RowSchema.Text => FindEmpty(json, "text"),
            _ => FindInTokens(json),
        };
        return problem ?? _shape.Add(json, number, "");
    }

    private string? FindInMessages(JsonElement json)
    {
        JsonElement list = json.GetProperty(layout.MessagesField);
        bool hasAnswer = false;
        int index = 0;
        int turn = 0;
        foreach (JsonElement message in list.EnumerateArray())
        {
            string place = $"{layout.MessagesField}[{index++}]";
            string? role = Text(message, "role") ?? Text(message, "from");
            JsonElement content =
                message.TryGetProperty("content", out JsonElement value) || message.TryGetProperty("value", out value)
                    ? value
                    : default;
            bool hasCalls =
                message.TryGetProperty("tool_calls", out JsonElement calls) && calls.ValueKind == JsonValueKind.Array;
            if (FindInContent(content, hasCalls, place) is { } problem)
            {
                return problem;
            }

            bool isAssistant = AssistantRoles.Contains(role);
            hasAnswer |=
                isAssistant && (hasCalls || content.ValueKind == JsonValueKind.Array || content.ToString().Length > 0);
            if (trainer == Trainer.LlamaFactory)
            {
                if (index == 1 && SystemRoles.Contains(role))
                {
                    continue;
                }

                string[][] expected = turn++ % 2 == 0 ? [UserRoles, ToolRoles] : [AssistantRoles];
                if (!expected.Any(roles => roles.Contains(role)))
                {
                    return $"expected {place} to be from "
                        + $"{(turn % 2 == 1 ? "the user or a tool" : "the assistant")}, because LLaMA-Factory "
                        + $"wants them in turn, found {role ?? "no role"}";
                }
            }
        }

        if (trainer == Trainer.LlamaFactory && turn % 2 == 1)
        {
            return $"expected {layout.MessagesField} to end with the assistant, found a question without an answer";
        }

        return hasAnswer || trainer == Trainer.HuggingFace
            ? null
            : $"expected an assistant turn to train on in {layout.MessagesField}, found none";
    }

    private string? FindInContent(JsonElement content, bool hasCalls, string place)
    {
        bool isText = content.ValueKind == JsonValueKind.String;
        if (trainer is Trainer.LlamaFactory or Trainer.Torchtune)
        {
            return hasCalls
                    ? $"expected {place} without tool_calls, which {RowLayout.NameOf(trainer)} does not read "
                        + $"from such rows, found some"
                : !isText
                    ? $"expected the content of {place} to be a string, found "
                        + $"{(content.ValueKind == JsonValueKind.Array ? "a list of parts" : "null")}"
                : null;
        }

        return isText || content.ValueKind == JsonValueKind.Array || hasCalls || trainer == Trainer.HuggingFace
            ? null
            : $"expected {place} to have content or tool_calls, found null";
    }

    private static string? FindEmpty(JsonElement json, string name)
    {
        bool isEmpty =
            !json.TryGetProperty(name, out JsonElement value)
            || value.ValueKind is JsonValueKind.Null
            || (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()))
            || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);
        return isEmpty ? $"expected {name} to hold something to train on, found nothing" : null;
    }

    private static string? FindInTokens(JsonElement json)
    {
        int length = json.GetProperty("input_ids").GetArrayLength();
        foreach (string name in new[] { "attention_mask", "labels" })
        {
            if (
                json.TryGetProperty(name, out JsonElement value)
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

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
