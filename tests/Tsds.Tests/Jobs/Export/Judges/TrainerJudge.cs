using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>
/// Reads an export as its trainer would, by the trainer's own rules and the configuration that was written, and fails
/// as it would fail or drop a row.
/// </summary>
internal static class TrainerJudge
{
    public static IReadOnlyList<JudgedRow> Judge(Trainer trainer, string folder, string name = "selected") =>
        trainer switch
        {
            Trainer.Axolotl => AxolotlJudge.Judge(folder),
            Trainer.Trl => TrlJudge.Judge(folder),
            Trainer.LlamaFactory => LlamaFactoryJudge.Judge(folder, name),
            Trainer.Torchtune => TorchtuneJudge.Judge(folder),
            Trainer.Unsloth => UnslothJudge.Judge(folder),
            Trainer.MsSwift => MsSwiftJudge.Judge(folder),
            Trainer.NeMo => NeMoJudge.Judge(folder),
            Trainer.OpenAI => OpenAIJudge.Judge(folder),
            _ => Hub(folder),
        };

    /// <summary>A data set is only loaded; whatever it says is read by one who knows its rows.</summary>
    private static IReadOnlyList<JudgedRow> Hub(string folder)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, "data")).Order(StringComparer.Ordinal)];
        List<JudgedRow> rows = [];
        foreach (string path in files)
        {
            using RowFile file = new(path, path, RowReader.LongestRow);
            while (file.TryRead(out ReadOnlyMemory<byte> row, out string? problem))
            {
                Assert.Null(problem);
                rows.Add(new JudgedRow([new("row", AllText(JsonNode.Parse(row.Span)), true)]));
            }
        }

        return rows;
    }

    private static string AllText(JsonNode? json) =>
        json switch
        {
            JsonObject fields => string.Concat(fields.Select(field => AllText(field.Value))),
            JsonArray parts when parts.Any(part => part is JsonObject && part["text"] is not null) => string.Concat(
                parts.Select(part => (string?)part!["text"])
            ) + "\n",
            JsonArray items => string.Concat(items.Select(AllText)),
            null => "",
            _ => json.GetValueKind() == JsonValueKind.String ? json.GetValue<string>() + "\n" : json + "\n",
        };
}
