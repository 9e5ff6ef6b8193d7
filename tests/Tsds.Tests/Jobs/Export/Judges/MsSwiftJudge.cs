using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>ms-swift: preprocessor/core.py, template_inputs.py and the rounds of template/base.py.</summary>
internal static partial class MsSwiftJudge
{
    private static readonly string[] Lists = ["messages", "conversation", "conversations"];
    private static readonly string[] Media = ["images", "videos", "audios"];
    private static readonly string[] Query = ["query", "prompt", "input", "instruction", "question", "problem"];

    private static readonly string[] Response =
    [
        "response",
        "answer",
        "output",
        "targets",
        "target",
        "answer_key",
        "answers",
        "solution",
        "text",
        "completion",
        "content",
    ];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        string command = File.ReadAllText(Path.Combine(folder, "ms-swift.sh"));
        IReadOnlyList<JsonObject> rows = Table.Load(DatasetPattern().Match(command).Groups[1].Value);
        return [.. rows.Select(row => Process(row, command))];
    }

    private static JudgedRow Process(JsonObject row, string command)
    {
        JsonArray messages;
        string[] lists = [.. Lists.Where(row.ContainsKey)];
        if (lists.Length > 1)
        {
            throw new JudgeException("two columns of messages: neither is renamed");
        }

        messages =
            lists.Length == 1 ? Standard(row, lists[0])
            : row.ContainsKey("instruction") && row.ContainsKey("input") ? Pair(row, Join(row), row["output"])
            : Pair(row, Only(row, Query), Only(row, Response));
        foreach (JsonNode? message in messages)
        {
            string role = Read.Text(Read.Item(message, "role"), "role");
            if (
                role is not ("system" or "user" or "tool_call" or "tool_response" or "tool" or "assistant")
                || message!["content"] is null
            )
            {
                throw new JudgeException($"message: {message!.ToJsonString()}");
            }
        }

        string[] media =
        [
            .. Media
                .Where(name => row[name] is JsonArray)
                .SelectMany(name => row[name]!.AsArray().Select(item => Read.Text(item, name))),
        ];
        JudgedTurn[] turns = Rounds(messages, command.Contains("swift pt", StringComparison.Ordinal));
        if (command.Contains("rlhf", StringComparison.Ordinal))
        {
            string rejected = Read.Text(row["rejected_response"], "rejected_response");
            turns =
                turns[^1].Text == rejected
                    ? throw new JudgeException("rejected_response is the response")
                    : [.. turns, new("assistant", rejected, true)];
        }

        JsonNode? tools = Read.IsText(row["tools"]) ? Read.Json(Read.Text(row["tools"], "tools")) : row["tools"];
        return new JudgedRow(turns, tools?.ToJsonString(), media);
    }

    private static JsonNode? Only(JsonObject row, string[] names)
    {
        string[] there = [.. names.Where(row.ContainsKey)];
        return there.Length == 1 ? row[there[0]] : throw new JudgeException($"{there.Length} columns for one");
    }

    private static string Join(JsonObject row)
    {
        string instruction = row["instruction"]?.GetValue<string>() ?? "";
        string input = row["input"]?.GetValue<string>() ?? "";
        return instruction.Length > 0 && input.Length > 0 ? $"{instruction}\n{input}" : instruction + input;
    }

    private static JsonArray Pair(JsonObject row, JsonNode? query, JsonNode? response)
    {
        JsonArray messages = [];
        if (row["system"] is { } system)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system.DeepClone() });
        }

        foreach (JsonNode? pair in row["history"] as JsonArray ?? [])
        {
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = pair![0]!.DeepClone() });
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = pair[1]!.DeepClone() });
        }

        messages.Add(new JsonObject { ["role"] = "user", ["content"] = query?.DeepClone() });
        messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = response?.DeepClone() });
        return messages;
    }

    private static JsonArray Standard(JsonObject row, string list)
    {
        JsonArray messages = [];
        foreach (JsonNode? message in Read.Item(row, list).AsArray())
        {
            if (Read.IsTrue(message!["tool_calls"]) && (string?)message["role"] == "assistant")
            {
                if (Read.IsTrue(message["content"]))
                {
                    messages.Add(
                        new JsonObject
                        {
                            ["role"] = "assistant",
                            ["content"] = message["content"]!.DeepClone(),
                            ["loss"] = message["loss"]?.DeepClone(),
                        }
                    );
                }

                foreach (JsonNode? call in message["tool_calls"]!.AsArray())
                {
                    messages.Add(
                        new JsonObject
                        {
                            ["role"] = "tool_call",
                            ["content"] = Read.Call(call!) + "\n",
                            ["loss"] = message["loss"]?.DeepClone(),
                        }
                    );
                }

                continue;
            }

            messages.Add(
                new JsonObject
                {
                    ["role"] = (message["role"] ?? message["from"])?.DeepClone(),
                    ["content"] = (message["content"] ?? message["value"])?.DeepClone(),
                    ["loss"] = message["loss"]?.DeepClone(),
                }
            );
        }

        if ((string?)messages[0]!["role"] != "system" && row["system"] is { } system)
        {
            messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = system.DeepClone() });
        }

        foreach (JsonNode? message in messages)
        {
            string role = Read.Text(Read.Item(message, "role"), "role");
            message!["role"] = role switch
            {
                "human" => "user",
                "gpt" or "bot" => "assistant",
                "function_call" => "tool_call",
                "function_response" or "observation" or "observations" => "tool_response",
                _ => role,
            };
            if (role == "function_call")
            {
                message["content"] = string.Concat(
                    Flat(Read.Json(Read.Text(message["content"], "content"))).Select(call => Read.Call(call!) + "\n")
                );
            }
        }

        return messages;
    }

    private static IEnumerable<JsonNode?> Flat(JsonNode? calls) => calls is JsonArray list ? list : [calls];

    private static JudgedTurn[] Rounds(JsonArray messages, bool isPretraining)
    {
        List<JudgedTurn> turns =
        [
            .. messages.Select(message =>
            {
                string role = (string)message!["role"]!;
                role = role switch
                {
                    "tool_call" => "assistant",
                    "tool_response" => "tool",
                    _ => role,
                };
                bool isTrained = role == "assistant" && (message["loss"] is not { } loss || Read.IsTrue(loss));
                return new JudgedTurn(role, Read.Text(message["content"], "content"), isTrained);
            }),
        ];
        List<string> order = [];
        foreach (JudgedTurn turn in turns.Skip(turns[0].Role == "system" ? 1 : 0))
        {
            bool isMerged =
                order.Count > 0
                && order[^1] == turn.Role
                && (turn.Role != "tool" || (order.Count > 1 && order[^2] == "assistant"));
            if (!isMerged)
            {
                order.Add(turn.Role);
            }
        }

        if (order.Count > 0 && order[0] == "assistant")
        {
            order.Insert(0, "user");
        }

        for (int i = 0; i < order.Count; i++)
        {
            if (i % 2 == 0 ? order[i] is not ("user" or "tool") : order[i] != "assistant")
            {
                throw new JudgeException($"query_role or response_role: {order[i]}");
            }
        }

        return order.Count % 2 == 0 || isPretraining ? [.. turns] : throw new JudgeException("the last answer is None");
    }

    [GeneratedRegex("--dataset '([^']+)'")]
    private static partial Regex DatasetPattern();
}
