using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>LLaMA-Factory: parser.py, converter.py, formatter.py, and the processors' demands.</summary>
internal static class LlamaFactoryJudge
{
    private static readonly string[] Media = ["images", "videos", "audios"];
    private static readonly string[] Placeholders = ["<image>", "<video>", "<audio>"];
    private static readonly string[] Asked = ["prompt", "query"];

    public static IReadOnlyList<JudgedRow> Judge(string folder, string name)
    {
        JsonNode entry = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "dataset_info.json")))![name]!;
        IReadOnlyList<JsonObject> rows = Table.Load(Path.Combine(folder, (string)entry["file_name"]!));
        string stage = File.ReadLines(Path.Combine(folder, "llama-factory.yaml")).Last();
        bool isRanking = (bool?)entry["ranking"] ?? false;
        if (isRanking != (stage == "stage: dpo"))
        {
            throw new JudgeException("The dataset is not applicable in the current training stage.");
        }

        JsonNode columns = entry["columns"]!;
        return
        [
            .. rows.Select(row =>
                (string?)entry["formatting"] == "sharegpt"
                    ? Sharegpt(row, columns, entry["tags"]!, isRanking)
                    : Alpaca(row, columns, isRanking, stage == "stage: pt")
            ),
        ];
    }

    private static JudgedRow Sharegpt(JsonObject row, JsonNode columns, JsonNode tags, bool isRanking)
    {
        string roleTag = (string)tags["role_tag"]!;
        string contentTag = (string)tags["content_tag"]!;
        string? Tag(string name) => (string?)tags[name];
        JsonNode?[] messages = [.. Read.Item(row, (string)columns["messages"]!).AsArray()];
        List<JudgedTurn> turns = [];
        if (messages.Length > 0 && (string?)messages[0]![roleTag] == Tag("system_tag"))
        {
            turns.Add(new("system", Read.Text(messages[0]![contentTag], "system"), false));
            messages = messages[1..];
        }
        else if (Column(row, columns, "system") is { } system && Read.IsTrue(system))
        {
            turns.Add(new("system", Read.Text(system, "system"), false));
        }

        string?[][] accepted =
        [
            [Tag("user_tag"), Tag("observation_tag")],
            [Tag("assistant_tag"), Tag("function_tag")],
        ];
        JudgedTurn Turn(JsonNode? message, int turn)
        {
            string role = Read.Text(Read.Item(message, roleTag), "role");
            if (!accepted[turn % 2].Contains(role))
            {
                throw new JudgeException($"Invalid role tag: {role}");
            }

            string content = Read.Text(message![contentTag], "content");
            if (role == Tag("function_tag"))
            {
                JsonNode? calls = Read.Json(content);
                content = string.Concat(
                    (calls as JsonArray ?? [calls?.DeepClone()]).Select(call =>
                    {
                        _ = Read.Item(call, "arguments");
                        return Read.Call(call!) + "\n";
                    })
                );
            }

            return new(turn % 2 == 0 ? "user" : "assistant", content, turn % 2 == 1);
        }

        turns.AddRange(messages.Select(Turn));
        if (messages.Length % 2 != (isRanking ? 1 : 0) || (!isRanking && messages.Length == 0))
        {
            throw new JudgeException("Invalid message count");
        }

        if (isRanking)
        {
            turns.Add(Turn(Read.Item(row, (string)columns["chosen"]!), 1));
            turns.Add(Turn(Read.Item(row, (string)columns["rejected"]!), 1));
        }

        return Finish(row, columns, turns);
    }

    private static JudgedRow Alpaca(JsonObject row, JsonNode columns, bool isRanking, bool isPretraining)
    {
        List<JudgedTurn> turns = [];
        if (Column(row, columns, "system") is { } system && Read.IsTrue(system))
        {
            turns.Add(new("system", Read.Text(system, "system"), false));
        }

        if (Column(row, columns, "history") is JsonArray history)
        {
            foreach (JsonNode? pair in history)
            {
                turns.Add(new("user", Read.Text(pair![0], "history"), false));
                turns.Add(new("assistant", Read.Text(pair[1], "history"), true));
            }
        }

        string[] query =
        [
            .. Asked
                .Select(name => Column(row, columns, name))
                .Where(Read.IsTrue)
                .Select(value => Read.Text(value, "prompt")),
        ];
        turns.Add(new("user", string.Join("\n", query), isPretraining));
        foreach (string name in isRanking ? new[] { "chosen", "rejected" } : ["response"])
        {
            if (Column(row, columns, name) is { } answer && Read.IsText(answer))
            {
                turns.Add(new("assistant", Read.Text(answer, name), true));
            }
            else if (!isPretraining)
            {
                throw new JudgeException("Dropped invalid example");
            }
        }

        return Finish(row, columns, turns);
    }

    private static JudgedRow Finish(JsonObject row, JsonNode columns, List<JudgedTurn> turns)
    {
        JsonNode? tools = Column(row, columns, "tools");
        List<string> media = [];
        for (int i = 0; i < Media.Length; i++)
        {
            string[] files = Column(row, columns, Media[i]) is { } list
                ? [.. list.AsArray().Select(item => Read.Text(item, Media[i]))]
                : [];
            if (files.Length > 0 && turns.Sum(turn => turn.Text.Split(Placeholders[i]).Length - 1) != files.Length)
            {
                throw new JudgeException($"The number of {Media[i]} does not match the number of tokens");
            }

            media.AddRange(files);
        }

        return new JudgedRow(
            turns,
            Read.IsTrue(tools) ? Read.Json(Read.Text(tools, "tools"))!.ToJsonString() : null,
            media
        );
    }

    private static JsonNode? Column(JsonObject row, JsonNode columns, string name) =>
        (string?)columns[name] is not { } column ? null
        : row.ContainsKey(column) ? row[column]
        : throw new JudgeException($"KeyError: '{column}'");
}
