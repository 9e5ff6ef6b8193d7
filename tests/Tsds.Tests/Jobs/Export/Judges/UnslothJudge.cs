using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>Unsloth: sft_prepare_dataset, after the snippet has made its column of text.</summary>
internal static class UnslothJudge
{
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    public static IReadOnlyList<JudgedRow> Judge(string folder)
    {
        string python = File.ReadAllText(Path.Combine(folder, "unsloth_dataset.py"));
        IReadOnlyList<JsonObject> rows = Table.Load(Read.DataFiles(python));
        if (python.Contains("DPOTrainer", StringComparison.Ordinal))
        {
            return [.. rows.Select(TrlJudge.Prefer)];
        }

        bool isTemplated = python.Contains("apply_chat_template(row[\"messages\"]", StringComparison.Ordinal);
        bool readsTools = python.Contains("json.loads(row[\"tools\"])", StringComparison.Ordinal);
        JsonObject first = rows[0];
        if (first.ContainsKey("labels") || first.ContainsKey("input_ids"))
        {
            return [.. rows.Select(row => new JudgedRow([new("tokens", row["input_ids"]!.ToJsonString(), true)]))];
        }

        if (first.ContainsKey("prompt") && first.ContainsKey("completion"))
        {
            return [.. rows.Select(row => TrlJudge.Supervise(row, first))];
        }

        if (isTemplated)
        {
            return
            [
                .. rows.Select(row => new JudgedRow(
                    [.. Read.Item(row, "messages").AsArray().Select(message => Read.Templated(message!, true, Roles))],
                    readsTools && Read.IsTrue(row["tools"])
                        ? Read.Json(Read.Text(row["tools"], "tools"))!.ToJsonString()
                        : null
                )),
            ];
        }

        return first.ContainsKey("text")
            ? [.. rows.Select(row => new JudgedRow([new("text", Read.Text(row["text"], "text"), true)]))]
            : throw new JudgeException("Unsloth: You must specify a `formatting_func`");
    }
}
