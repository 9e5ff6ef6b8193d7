using Tsds.Cli.Commands;
using Tsds.Jobs.Batch;

namespace Tsds.Cli.Output;

/// <summary>The event <c>parts</c>: what <c>tsds merge</c> waits for.</summary>
/// <param name="Stage">The word that <c>tsds shard</c> takes for the stage.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Of">The parts in all.</param>
/// <param name="Missing">The parts that are missing, from 0.</param>
/// <param name="Damaged">The files of parts that are damaged.</param>
internal sealed record PartsEvent(
    string Stage,
    int Round,
    int Of,
    IReadOnlyList<int> Missing,
    IReadOnlyList<string> Damaged
)
{
    public static PartsEvent From(PartsNeededException needed) =>
        new(ShardCommand.Stages.WordFor(needed.Stage), needed.Round, needed.Count, needed.Missing, needed.Damaged);
}
