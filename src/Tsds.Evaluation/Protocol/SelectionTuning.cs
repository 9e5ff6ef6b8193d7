namespace Tsds.Evaluation.Protocol;

/// <summary>Settings that were chosen by the data.</summary>
/// <param name="Selection">The settings to select with.</param>
/// <param name="Curve">What was tried, ascending by α.</param>
public sealed record SelectionTuning(SelectionOptions Selection, IReadOnlyList<TuningPoint> Curve);
