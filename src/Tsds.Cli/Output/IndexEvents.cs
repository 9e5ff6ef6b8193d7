using Tsds.Jobs.Index;

namespace Tsds.Cli.Output;

/// <summary>The event of <c>tsds index</c>.</summary>
internal static class IndexEvents
{
    public static JsonEvent Result(IndexSummary summary, string output) =>
        new(
            "result",
            json =>
            {
                json.WriteString("output", output);
                json.WriteNumber("poolRows", summary.PoolRows);
                json.WriteNumber("dimension", summary.Dimension);
                json.WriteNumber("poolBytes", summary.PoolBytes);
                json.WriteNumber("indexBytes", summary.IndexBytes);
                json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
                json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
            }
        );
}
