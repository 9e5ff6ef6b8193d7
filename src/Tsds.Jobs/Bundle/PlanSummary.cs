namespace Tsds.Jobs.Bundle;

/// <summary>The transport plan in the result of a job.</summary>
/// <param name="Alpha">The alignment weight α as used.</param>
/// <param name="Scale">The distance scale C as used.</param>
/// <param name="EffectiveNeighbors">The effective neighbors s, or null under total variation.</param>
/// <param name="Certificate">The proof of optimality.</param>
/// <param name="ExpectedDistinct">The different rows that independent draws with replacement give on average:
/// Σ 1 − (1 − p_j)^B.</param>
/// <param name="DensitiesEvaluated">The candidates whose density was evaluated.</param>
public sealed record PlanSummary(
    double Alpha,
    double Scale,
    double? EffectiveNeighbors,
    Certificate Certificate,
    double ExpectedDistinct,
    long DensitiesEvaluated
)
{
    /// <summary>Returns the summary of a plan.</summary>
    internal static PlanSummary Of(SelectionResult result) =>
        new(
            result.Alpha,
            result.Scale,
            result.EffectiveNeighbors,
            result.Certificate,
            result.ExpectedDistinct,
            result.DensitiesEvaluated
        );
}
