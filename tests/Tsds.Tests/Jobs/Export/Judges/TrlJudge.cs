using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>TRL: data_utils.py, and the preparation of data sets in sft_trainer.py and dpo_trainer.py.</summary>
internal static class TrlJudge
{
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];
    private static readonly string[] Preference = ["prompt", "chosen", "rejected"];
    private static readonly string[] Supported = ["prompt", "chosen", "rejected", "completion", "messages"];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        string python = File.ReadAllText(Path.Combine(folder, "trl_dataset.py"));
        IReadOnlyList<JsonObject> rows = Table.Load(Read.DataFiles(python));
        return python.Contains("DPOTrainer", StringComparison.Ordinal)
            ? [.. rows.Select(Prefer)]
            : [.. rows.Select(row => Supervise(row, rows[0]))];
    }

    public static JudgedRow Prefer(JsonObject row)
    {
        JsonNode[] parts =
        [
            .. Preference.Where(name => name != "prompt" || row.ContainsKey(name)).Select(name => Read.Item(row, name)),
        ];
        return parts.All(Read.IsText)
            ? new JudgedRow([.. parts.Select(part => new JudgedTurn("text", Read.Text(part, "text"), true))])
            : new JudgedRow(
                [.. parts.SelectMany(Messages).Select(message => Read.Templated(message!, true, Roles))],
                Tools(row)
            );
    }

    public static JudgedRow Supervise(JsonObject row, JsonObject first)
    {
        if (row.ContainsKey("input_ids"))
        {
            return new JudgedRow([new("tokens", row["input_ids"]!.ToJsonString(), true)]);
        }

        if (row.ContainsKey("conversations"))
        {
            throw new JudgeException("converted by keys alone; roles stay as they are");
        }

        string[] keys = [.. first.Select(field => field.Key).Where(Supported.Contains)];
        bool isConversational = keys.Length > 0 && first[keys[0]] is JsonArray { Count: > 0 };
        if (row.ContainsKey("prompt"))
        {
            JsonNode prompt = Read.Item(row, "prompt");
            JsonNode completion = Read.Item(row, "completion");
            return isConversational
                ? new JudgedRow(
                    [
                        .. Messages(prompt).Select(message => Read.Templated(message!, false, Roles)),
                        .. Messages(completion).Select(message => Read.Templated(message!, true, Roles)),
                    ],
                    Tools(row)
                )
                : new JudgedRow([
                    new("user", Read.Text(prompt, "prompt"), false),
                    new("assistant", Read.Text(completion, "completion"), true),
                ]);
        }

        return isConversational
            ? new JudgedRow(
                [.. Messages(Read.Item(row, "messages")).Select(message => Read.Templated(message!, true, Roles))],
                Tools(row)
            )
            : new JudgedRow([new("text", Read.Text(Read.Item(row, "text"), "text"), true)]);
    }

    private static JsonArray Messages(JsonNode list) =>
        list as JsonArray ?? throw new JudgeException("TypeError: can only concatenate lists");

    private static string? Tools(JsonObject row)
    {
        JsonNode? tools = Read.IsText(row["tools"]) ? Read.Json(Read.Text(row["tools"], "tools")) : row["tools"];
        return tools?.ToJsonString();
    }
}
