using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>A plan and the proof that it is optimal, as a manifest has them.</summary>
/// <param name="Regularizer">What the plan was kept near to.</param>
/// <param name="Alpha">Alpha as used.</param>
/// <param name="Scale">The distance scale as used.</param>
/// <param name="Tradeoff">The factor of the regularizer; null if it is infinite.</param>
/// <param name="Bandwidth">The bandwidth as used.</param>
/// <param name="EffectiveNeighbors">The effective neighbors, or null if they are not defined.</param>
/// <param name="TransportCost">The cost of transport.</param>
/// <param name="Primal">The value of the plan.</param>
/// <param name="Dual">The bound that proves it.</param>
/// <param name="Gap">The difference of the two, relative.</param>
/// <param name="Certified">True if the plan is proven optimal.</param>
/// <param name="Support">The candidates with positive probability.</param>
/// <param name="ExpectedDistinct">The different rows that independent draws give on average.</param>
/// <param name="NeighborsUsed">How many candidates targets use.</param>
/// <param name="DensitiesEvaluated">The candidates whose density was evaluated.</param>
/// <param name="NearDuplicates">The reached candidates with another one within the bandwidth.</param>
/// <param name="Relevance">How relevant the rows drawn are to each task; empty if relevance was off.</param>
/// <param name="AlikeRows">The rows that are as near as targets are to one another, or null if the budget is not
/// larger.</param>
internal sealed record SolutionRecord(
    Regularizer Regularizer,
    double Alpha,
    double Scale,
    double? Tradeoff,
    double Bandwidth,
    double? EffectiveNeighbors,
    double TransportCost,
    double Primal,
    double Dual,
    double Gap,
    bool Certified,
    int Support,
    double ExpectedDistinct,
    NeighborCounts NeighborsUsed,
    long DensitiesEvaluated,
    long NearDuplicates,
    IReadOnlyList<RelevanceSummary>? Relevance,
    long? AlikeRows
)
{
    /// <summary>Returns the record of a plan.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="result">Its plan.</param>
    /// <param name="regularizer">What it was kept near to.</param>
    /// <param name="tasks">The tasks of the targets, or null if nobody named one.</param>
    public static SolutionRecord Of(
        Selection selection,
        SelectionResult result,
        Regularizer regularizer,
        TargetTasks? tasks
    )
    {
        int[] used = [.. result.Targets.Select(target => target.NeighborsUsed).Order()];
        return new SolutionRecord(
            regularizer,
            result.Alpha,
            result.Scale,
            double.IsFinite(result.Tradeoff) ? result.Tradeoff : null,
            result.Bandwidth,
            result.EffectiveNeighbors,
            result.TransportCost,
            result.Certificate.Primal,
            result.Certificate.Dual,
            result.Certificate.RelativeGap,
            result.Certificate.IsCertified,
            result.Plan.CandidateIds.Length,
            result.ExpectedDistinct,
            new NeighborCounts(used[used.Length / 2], used[^1]),
            result.DensitiesEvaluated,
            result.NearDuplicateCount,
            RelevanceSummary.Of(result, tasks),
            selection.AlikeRows
        );
    }
}
