namespace Tsds.Evaluation.Protocol;

/// <summary>The settings that cross-validation chose, and all that it tried.</summary>
/// <param name="Selection">The settings to select with.</param>
/// <param name="Curve">What was tried, ascending by α.</param>
public sealed record SelectionTuning(SelectionOptions Selection, IReadOnlyList<TuningPoint> Curve);
