using Tsds.Jobs.Batch;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds shard</c>.</summary>
/// <param name="Part">The file of the part.</param>
/// <param name="Round">The round that it answers, from 1.</param>
/// <param name="Rows">The candidates that were searched.</param>
/// <param name="WasFinished">True if an earlier run had written the part.</param>
/// <param name="ElapsedSeconds">The wall time.</param>
internal sealed record ShardResult(string Part, int Round, long Rows, bool WasFinished, double ElapsedSeconds)
{
    public static ShardResult Of(ShardSummary summary) =>
        new(summary.Part, summary.Round, summary.Rows, summary.WasFinished, JsonEvents.Seconds(summary.Elapsed));
}
