using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>OpenAI: the documented form of chat and preference examples, at least ten of them.</summary>
internal static class OpenAIJudge
{
    private static readonly string[] TurnKeys = ["role", "content", "name", "weight", "tool_calls", "tool_call_id"];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        string python = File.ReadAllText(Path.Combine(folder, "openai_fine_tuning.py"));
        string file = Directory.GetFiles(folder, "*.jsonl").Single();
        JsonObject[] rows = [.. Table.ReadLines(file)];
        if (rows.Length < 10)
        {
            throw new JudgeException("at least 10 examples");
        }

        return
        [
            .. rows.Select(row =>
                python.Contains("\"dpo\"", StringComparison.Ordinal) ? Prefer(row) : Chat(row, mustAnswer: true)
            ),
        ];
    }

    private static JudgedRow Prefer(JsonObject row)
    {
        Only(row, ["input", "preferred_output", "non_preferred_output"]);
        JudgedRow input = Chat(Read.Item(row, "input").AsObject(), mustAnswer: false);
        List<JudgedTurn> turns = [.. input.Turns];
        foreach (string name in new[] { "preferred_output", "non_preferred_output" })
        {
            JsonArray output = Read.Item(row, name).AsArray();
            turns.AddRange(Turns(output));
            if (output.Count != 1 || turns[^1].Role != "assistant")
            {
                throw new JudgeException($"{name} is no single answer");
            }
        }

        return input with
        {
            Turns = turns,
        };
    }

    private static JudgedRow Chat(JsonObject row, bool mustAnswer)
    {
        Only(row, ["messages", "tools", "parallel_tool_calls"]);
        JudgedTurn[] turns = [.. Turns(Read.Item(row, "messages").AsArray())];
        if (mustAnswer && (turns[^1].Role != "assistant" || !turns.Any(turn => turn.IsTrained)))
        {
            throw new JudgeException("the last message must be from the assistant");
        }

        string[] media =
        [
            .. row["messages"]!
                .AsArray()
                .Where(message => message!["content"] is JsonArray)
                .SelectMany(message => message!["content"]!.AsArray())
                .Where(part => (string?)part!["type"] == "image_url")
                .Select(part => Read.Text(part!["image_url"]!["url"], "url")),
        ];
        JsonNode? tools = row["tools"];
        return tools is null or JsonArray
            ? new JudgedRow(turns, tools?.ToJsonString(), media)
            : throw new JudgeException("tools are no list");
    }

    private static IEnumerable<JudgedTurn> Turns(JsonArray messages)
    {
        HashSet<string> open = [];
        foreach (JsonNode? message in messages)
        {
            Only(message!.AsObject(), TurnKeys);
            string role = Read.Text(Read.Item(message, "role"), "role");
            string calls = Read.Calls(message["tool_calls"]);
            foreach (JsonNode? call in message["tool_calls"] as JsonArray ?? [])
            {
                open.Add(Read.Text(Read.Item(call, "id"), "id"));
                _ = Read.Text(Read.Item(Read.Item(call, "function"), "arguments"), "arguments");
                if ((string?)call!["type"] != "function")
                {
                    throw new JudgeException("the type of a call");
                }
            }

            string text = Content(message["content"], calls.Length > 0, role);
            bool isRole = role is "system" or "user" or "assistant" or "tool" or "developer";
            if (!isRole || (role == "tool" && !open.Contains(Read.Text(message["tool_call_id"], "tool_call_id"))))
            {
                throw new JudgeException($"the role {role} stands where it may not");
            }

            JsonNode? weight = message["weight"];
            if (weight is not null && (role != "assistant" || weight.GetValueKind() != JsonValueKind.Number))
            {
                throw new JudgeException("weight");
            }

            yield return new JudgedTurn(
                role,
                text + calls,
                role == "assistant" && (weight is null || Read.IsTrue(weight))
            );
        }
    }

    private static string Content(JsonNode? content, bool hasCalls, string role)
    {
        if (content is JsonArray parts)
        {
            return string.Concat(
                parts.Select(part =>
                    (string?)part!["type"] switch
                    {
                        "text" => Read.Text(part["text"], "text"),
                        "image_url" when role == "user" => "",
                        var type => throw new JudgeException($"a part of type {type}"),
                    }
                )
            );
        }

        if (content is null && hasCalls)
        {
            return "";
        }

        string text = Read.Text(content, "content");
        return text.Length > 0 || hasCalls ? text : throw new JudgeException("missing content");
    }

    private static void Only(JsonObject json, string[] names)
    {
        if (json.FirstOrDefault(field => !names.Contains(field.Key)).Key is { } other)
        {
            throw new JudgeException($"unrecognized key {other}");
        }
    }
}
