using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>Converts a selected row to the schema of a layout.</summary>
/// <remarks>
/// Converted rows have the columns of the schema and no others, in one order, so that every reader of columns finds the
/// same ones in each row.
/// </remarks>
internal sealed class RowConverter(RowLayout layout, string? textField, bool hasTools)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Converts a row.</summary>
    /// <returns>One line of JSON in UTF-8: the row's own bytes where the layout keeps rows as they are.</returns>
    public byte[] Convert(SelectedRow row)
    {
        if (layout.IsVerbatim)
        {
            return row.Utf8;
        }

        JsonElement json = row.Json;
        JsonObject written = layout.Schema switch
        {
            RowSchema.ChatMl => WithTools(new JsonObject { ["messages"] = Messages(row) }, json),
            RowSchema.ShareGpt => WithTools(
                new JsonObject
                {
                    ["conversations"] = Node(json.GetProperty(SelectedRow.MessagesField(json, row.Schema)!)),
                },
                json
            ),
            RowSchema.Text => new JsonObject
            {
                ["text"] =
                    row.Schema == RowSchema.TextField
                        ? SelectedRow.TextOf(json, textField!)
                        : json.GetProperty("text").GetString(),
            },
            RowSchema.Alpaca => Copy(json, "instruction", "input", "output", "system", "history"),
            RowSchema.PromptCompletion => Copy(json, "prompt", "completion"),
            RowSchema.QueryResponse => Copy(json, "query", "response", "system", "history"),
            RowSchema.Preference => Copy(json, "prompt", "chosen", "rejected"),
            _ => Tokens(json),
        };
        return JsonSerializer.SerializeToUtf8Bytes(written, Options);
    }

    private JsonObject WithTools(JsonObject written, JsonElement json)
    {
        if (hasTools)
        {
            // As a string: tools of different arguments would be columns of different types.
            written["tools"] =
                json.TryGetProperty("tools", out JsonElement tools) && tools.ValueKind != JsonValueKind.Null
                    ? tools.ValueKind == JsonValueKind.String
                        ? tools.GetString()
                        : tools.GetRawText()
                    : null;
        }

        return written;
    }

    /// <summary>
    /// Returns the columns of a schema that a row has; a missing column is an empty string, or an empty list for a
    /// history.
    /// </summary>
    private static JsonObject Copy(JsonElement json, params string[] names)
    {
        JsonObject written = [];
        foreach (string name in names)
        {
            bool isPresent = json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
            written[name] =
                isPresent ? Node(value)
                : name == "history" ? new JsonArray()
                : "";
        }

        return written;
    }

    private static JsonObject Tokens(JsonElement json)
    {
        JsonElement ids = json.GetProperty("input_ids");
        JsonNode ones = new JsonArray([.. Enumerable.Range(0, ids.GetArrayLength()).Select(_ => (JsonNode)1)]);
        return new JsonObject
        {
            ["input_ids"] = Node(ids),
            ["attention_mask"] = json.TryGetProperty("attention_mask", out JsonElement mask) ? Node(mask) : ones,
            ["labels"] = json.TryGetProperty("labels", out JsonElement labels) ? Node(labels) : Node(ids),
        };
    }

    private static JsonArray Messages(SelectedRow row)
    {
        JsonElement json = row.Json;
        JsonArray messages = [];
        if (row.Schema is RowSchema.ChatMl or RowSchema.ShareGpt)
        {
            if (row.Schema == RowSchema.ShareGpt)
            {
                AddString(messages, "system", json, "system");
            }

            AddList(messages, json.GetProperty(SelectedRow.MessagesField(json, row.Schema)!));
            return messages;
        }

        AddString(messages, "system", json, "system");
        AddHistory(messages, json);
        (string question, string answer) = row.Schema switch
        {
            RowSchema.Alpaca => ("instruction", "output"),
            RowSchema.PromptCompletion => ("prompt", "completion"),
            _ => ("query", "response"),
        };
        if (row.Schema == RowSchema.Alpaca)
        {
            string input = Text(json, "input");
            Add(messages, "user", input.Length > 0 ? $"{Text(json, question)}\n{input}" : Text(json, question));
        }
        else
        {
            AddStringOrList(messages, "user", json, question);
        }

        AddStringOrList(messages, "assistant", json, answer);
        return messages;
    }

    private static void AddHistory(JsonArray messages, JsonElement json)
    {
        if (!json.TryGetProperty("history", out JsonElement history) || history.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (
            JsonElement pair in history
                .EnumerateArray()
                .Where(pair => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2)
        )
        {
            Add(messages, "user", pair[0].GetString() ?? "");
            Add(messages, "assistant", pair[1].GetString() ?? "");
        }
    }

    private static void AddStringOrList(JsonArray messages, string role, JsonElement json, string name)
    {
        JsonElement value = json.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Array)
        {
            AddList(messages, value);
        }
        else
        {
            Add(messages, role, value.GetString() ?? "");
        }
    }

    /// <summary>
    /// Adds messages with their fields renamed to role and content; other fields of a message are kept.
    /// </summary>
    private static void AddList(JsonArray messages, JsonElement list)
    {
        foreach (JsonElement message in list.EnumerateArray())
        {
            JsonObject written = [];
            foreach (JsonProperty field in message.EnumerateObject())
            {
                string name = field.Name switch
                {
                    "from" => "role",
                    "value" => "content",
                    _ => field.Name,
                };
                written[name] = name == "role" ? RoleOf(field.Value.GetString()) : Node(field.Value);
            }

            messages.Add(written);
        }
    }

    private static string? RoleOf(string? role) =>
        role switch
        {
            "human" => "user",
            "gpt" or "model" or "function_call" => "assistant",
            "observation" or "ipython" or "function" => "tool",
            _ => role,
        };

    private static void AddString(JsonArray messages, string role, JsonElement json, string name)
    {
        if (Text(json, name) is { Length: > 0 } text)
        {
            Add(messages, role, text);
        }
    }

    private static void Add(JsonArray messages, string role, string content) =>
        messages.Add(new JsonObject { ["role"] = role, ["content"] = content });

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
