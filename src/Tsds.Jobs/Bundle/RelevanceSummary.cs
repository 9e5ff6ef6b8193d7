using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The relevance of the rows drawn to a task.</summary>
/// <param name="Task">The task, or null where there is one that nobody named.</param>
/// <param name="Reliability">The share of λ that the targets bear out, from 0 to 1.</param>
/// <param name="TargetShare">The share of the targets that a drawn row is as relevant as, the mean over the rows drawn
/// and repeats; NaN where the targets are too few or too like the pool to say.</param>
public sealed record RelevanceSummary(string? Task, double Reliability, double TargetShare)
{
    /// <summary>Sums up a selection.</summary>
    internal static IReadOnlyList<RelevanceSummary> Of(SelectionResult result, TargetTasks? tasks)
    {
        int[] positions = Array.ConvertAll(
            result.CandidateIds.ToArray(),
            id => result.Plan.CandidateIds.Span.BinarySearch(id)
        );
        double rows = result.Counts.ToArray().Sum();
        return
        [
            .. result.Relevance.Select(relevance => new RelevanceSummary(
                tasks?.NameOfTask(relevance.Task),
                relevance.Reliability,
                positions.Select((position, i) => relevance.TargetShares.Span[position] * result.Counts.Span[i]).Sum()
                    / rows
            )),
        ];
    }
}
