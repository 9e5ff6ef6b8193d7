using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>NeMo: _convert_to_openai_messages and the chat template, over training.jsonl.</summary>
internal static class NeMoJudge
{
    public static IReadOnlyList<JudgedRow> Judge(string folder) =>
        [.. Table.ReadLines(Path.Combine(folder, "training.jsonl")).Select(Convert)];

    private static JudgedRow Convert(JsonObject row)
    {
        JsonArray chat;
        if (Read.IsTrue(row["conversations"]))
        {
            chat =
            [
                .. row["conversations"]!
                    .AsArray()
                    .Select(turn => new JsonObject
                    {
                        ["role"] = Read.Text(Read.Item(turn, "from"), "from").ToLowerInvariant(),
                        ["content"] = Read.Item(turn, "value").DeepClone(),
                    }),
            ];
            if (Read.IsTrue(row["system"]))
            {
                chat.Insert(0, new JsonObject { ["role"] = "system", ["content"] = row["system"]!.DeepClone() });
            }
        }
        else
        {
            chat = Read.Item(row, "messages").AsArray();
        }

        JsonNode? tools = row["tools"];
        return tools is null or JsonArray
            ? new JudgedRow(
                [.. chat.Select(message => Read.Templated(message!, true, "system", "user", "assistant", "tool"))],
                tools?.ToJsonString()
            )
            : throw new JudgeException("tools are no list");
    }
}
