using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>Axolotl: shared.py, wrappers.py, chat_template.py, dpo/chat_template.py, completion.py and alpaca.</summary>
internal static class AxolotlJudge
{
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];
    private static readonly string[] Tokens = ["input_ids", "attention_mask", "labels"];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        YamlMappingNode config = Read.Yaml(Path.Combine(folder, "axolotl.yaml"));
        YamlNode dataset = ((YamlSequenceNode)Read.Find(config, "datasets")!)[0];
        string path = Read.Scalar(dataset, "path")!;
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new JudgeException($"the dataset could not be loaded: {path}");
        }

        IReadOnlyList<JsonObject> rows = Table.Load(path);
        if (Tokens.All(rows[0].ContainsKey))
        {
            return [.. rows.Select(row => new JudgedRow([new("tokens", row["input_ids"]!.ToJsonString(), true)]))];
        }

        return Read.Scalar(dataset, "type") switch
        {
            "chat_template" => [.. rows.Select(row => Chat(row, dataset))],
            "chat_template.default" when Read.Scalar(config, "rl") == "dpo" =>
            [
                .. rows.Select(row => Dpo(row, dataset)),
            ],
            "alpaca" =>
            [
                .. rows.Select(row => new JudgedRow([
                    new(
                        "user",
                        Read.Text(Read.Item(row, "instruction"), "instruction")
                            + "\n"
                            + (row["input"]?.GetValue<string>() ?? ""),
                        false
                    ),
                    new("assistant", Read.Text(Read.Item(row, "output"), "output"), true),
                ])),
            ],
            "completion" =>
            [
                .. rows.Select(row => new JudgedRow([
                    new("text", Read.Text(Read.Item(row, Read.Scalar(dataset, "field")!), "text"), true),
                ])),
            ],
            var type => throw new JudgeException($"unhandled prompt tokenization strategy: {type}"),
        };
    }

    private static JudgedRow Chat(JsonObject row, YamlNode dataset)
    {
        YamlNode? mappings = Read.Find(dataset, "message_property_mappings");
        string roleKey = mappings is null ? "role" : Read.Scalar(mappings, "role")!;
        string contentKey = mappings is null ? "content" : Read.Scalar(mappings, "content")!;
        Dictionary<string, string> roles = new()
        {
            ["human"] = "user",
            ["user"] = "user",
            ["assistant"] = "assistant",
            ["gpt"] = "assistant",
            ["system"] = "system",
            ["tool"] = "tool",
        };
        if (Read.Find(dataset, "roles") is YamlMappingNode named)
        {
            roles = named
                .Children.SelectMany(pair => ((YamlSequenceNode)pair.Value).Select(name => (pair.Key, name)))
                .ToDictionary(pair => ((YamlScalarNode)pair.name).Value!, pair => ((YamlScalarNode)pair.Key).Value!);
        }

        JsonArray messages =
            row[Read.Scalar(dataset, "field_messages") ?? "messages"] as JsonArray
            ?? throw new JudgeException("Messages is null. Please check `field_messages`.");
        string? training = Read.Scalar(dataset, "message_field_training");
        List<JudgedTurn> turns = [];
        string first = Read.Text(Read.Item(messages[0], roleKey), "role");
        if (roles.GetValueOrDefault(first, first) != "system" && row["system"] is { } system)
        {
            turns.Add(new("system", Read.Text(system, "system"), false));
        }

        foreach (JsonNode? message in messages)
        {
            string role = Read.Text(Read.Item(message, roleKey), "role");
            JsonNode? content = message![contentKey];
            if (content is JsonArray parts)
            {
                content = string.Concat(parts.Select(part => Read.Text(part!["text"], "text")));
            }

            JsonObject mapped = new()
            {
                ["role"] = roles.GetValueOrDefault(role, role),
                ["content"] = content?.DeepClone(),
                ["tool_calls"] = message["tool_calls"]?.DeepClone(),
                ["reasoning_content"] = message["reasoning_content"]?.DeepClone(),
            };
            bool isTrained = training is null || message[training] is not { } flag || Read.IsTrue(flag);
            turns.Add(Read.Templated(mapped, isTrained, Roles));
        }

        JsonNode? tools = Read.IsText(row["tools"]) ? Read.Json(Read.Text(row["tools"], "tools")) : row["tools"];
        return tools is null or JsonArray
            ? new JudgedRow(turns, tools?.ToJsonString())
            : throw new JudgeException("Unknown tools format. Please convert it into a list[dict].");
    }

    private static JudgedRow Dpo(JsonObject row, YamlNode dataset)
    {
        IEnumerable<JsonNode?> messages =
        [
            .. Read.Item(row, Read.Scalar(dataset, "field_messages")!).AsArray(),
            Read.Item(row, Read.Scalar(dataset, "field_chosen")!),
            Read.Item(row, Read.Scalar(dataset, "field_rejected")!),
        ];
        return new JudgedRow([
            .. messages.Select(message =>
                Read.Templated(
                    new JsonObject
                    {
                        ["role"] = Read.Item(message, "role").DeepClone(),
                        ["content"] = Read.Item(message, "content").DeepClone(),
                    },
                    true,
                    Roles
                )
            ),
        ]);
    }
}
