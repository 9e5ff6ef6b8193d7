using Tsds.Data.Files;
using Tsds.Jobs.Embed;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds embed</c>.</summary>
internal static class EmbedEvents
{
    public static JsonEvent Plan(EmbedEstimate plan) =>
        new(
            "plan",
            json =>
            {
                json.WriteStrings("poolFiles", plan.PoolFiles);
                json.WriteNumber("poolBytes", plan.PoolBytes);
                json.WriteString("embedder", plan.Embedder);
                json.WriteFinite("dimension", plan.Dimension);
                json.WriteFinite("memoryBytes", plan.MemoryBytes);
                json.WriteStrings("notes", plan.Notes);
            }
        );

    public static JsonEvent Result(EmbedSummary summary, string output) =>
        new(
            "result",
            json =>
            {
                json.WriteString("output", output);
                json.WriteNumber("rows", summary.Rows);
                json.WriteNumber("embeddedRows", summary.EmbeddedRows);
                json.WriteNumber("skippedRows", summary.SkippedRows);
                json.WriteNumber("dimension", summary.Dimension);
                json.WriteString("embedder", summary.Embedder);
                json.WriteNumber("storeBytes", summary.StoreBytes);
                json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
                json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
            }
        );
}
