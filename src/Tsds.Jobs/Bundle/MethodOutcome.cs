using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Bundle;

/// <summary>What a method without a plan chose, and how the targets stand to it.</summary>
/// <param name="Result">The rows.</param>
/// <param name="Budget">The budget in rows.</param>
/// <param name="NearestDistances">The distance of each target to its nearest candidate.</param>
/// <param name="SelectedDistances">The distance of each target to its nearest selected row.</param>
/// <param name="Bandwidth">The distance below which two rows are near-duplicates: the automatic one of these
/// targets.</param>
internal sealed record MethodOutcome(
    MethodResult Result,
    long Budget,
    double[] NearestDistances,
    double[] SelectedDistances,
    double Bandwidth
);
