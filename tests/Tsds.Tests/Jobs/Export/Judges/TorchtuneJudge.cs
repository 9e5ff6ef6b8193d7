using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>torchtune: _messages.py and the data sets that use it.</summary>
internal static class TorchtuneJudge
{
    private static readonly string[] Answers = ["chosen", "rejected"];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        YamlNode dataset = Read.Find(Read.Yaml(Path.Combine(folder, "torchtune.yaml")), "dataset")!;
        IReadOnlyList<JsonObject> rows = Table.Load(Read.Scalar(dataset, "data_files")!);
        return Read.Scalar(dataset, "_component_") switch
        {
            "torchtune.datasets.chat_dataset" => [.. rows.Select(row => Chat(row, dataset))],
            "torchtune.datasets.instruct_dataset" =>
            [
                .. rows.Select(row => new JudgedRow([
                    new("user", Column(row, dataset, "input"), false),
                    new("assistant", Column(row, dataset, "output"), true),
                ])),
            ],
            "torchtune.datasets.preference_dataset" =>
            [
                .. rows.Select(row => new JudgedRow([
                    .. Answers
                        .SelectMany(name => Read.Item(row, name).AsArray())
                        .Select(message => Turn(message, "role", "content", null)),
                ])),
            ],
            "torchtune.datasets.text_completion_dataset" =>
            [
                .. rows.Select(row => new JudgedRow([
                    new("text", Read.Text(Read.Item(row, Read.Scalar(dataset, "column")!), "text"), true),
                ])),
            ],
            var component => throw new JudgeException($"no such component: {component}"),
        };
    }

    private static string Column(JsonObject row, YamlNode dataset, string name) =>
        Read.Text(Read.Item(row, Read.Scalar(Read.Find(dataset, "column_map")!, name)!), name);

    private static JudgedTurn Turn(
        JsonNode? message,
        string roleKey,
        string contentKey,
        Dictionary<string, string>? map
    )
    {
        string role = Read.Text(Read.Item(message, roleKey), "role");
        if (map is not null)
        {
            role = map.TryGetValue(role, out string? mapped) ? mapped : throw new JudgeException($"KeyError: '{role}'");
        }

        if (message!["tool_calls"] is not null)
        {
            throw new JudgeException("calls of tools are not read");
        }

        // Content that is None keeps the variable of the message before.
        return role is "system" or "user" or "assistant" or "tool" or "ipython"
            ? new JudgedTurn(role, Read.Text(message[contentKey], "content"), role == "assistant")
            : throw new JudgeException($"no such role: {role}");
    }

    private static JudgedRow Chat(JsonObject row, YamlNode dataset)
    {
        bool isSharegpt = Read.Scalar(dataset, "conversation_style") == "sharegpt";
        if (isSharegpt && row.ContainsKey("image"))
        {
            throw new JudgeException("load_image");
        }

        Dictionary<string, string>? map = isSharegpt
            ? new()
            {
                ["system"] = "system",
                ["human"] = "user",
                ["gpt"] = "assistant",
            }
            : null;
        JudgedTurn[] turns =
        [
            .. Read.Item(row, Read.Scalar(dataset, "conversation_column")!)
                .AsArray()
                .Select(message => Turn(message, isSharegpt ? "from" : "role", isSharegpt ? "value" : "content", map)),
        ];
        Validate(turns);
        return new JudgedRow(turns);
    }

    private static void Validate(JudgedTurn[] turns)
    {
        if (turns.Length < 2)
        {
            throw new JudgeException("Messages must be at least length 2");
        }

        string last = "assistant";
        for (int i = 0; i < turns.Length; i++)
        {
            string role = turns[i].Role;
            bool isWrong =
                (role == "assistant" && last is not ("user" or "tool" or "ipython"))
                || (role == "user" && last == "user")
                || (role == "system" && i > 0)
                || role is "tool" or "ipython";
            if (isWrong)
            {
                throw new JudgeException($"{role} at index {i} after {last}");
            }

            last = role;
        }
    }
}
