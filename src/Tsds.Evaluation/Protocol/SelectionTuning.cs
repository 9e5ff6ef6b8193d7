namespace Tsds.Evaluation.Protocol;

/// <summary>The settings that cross-validation chose, and all that it tried.</summary>
/// <param name="Selection">The settings to select with.</param>
/// <param name="Curve">What was tried, in the order in which it was: relevance ascending, then α ascending.</param>
internal sealed record SelectionTuning(SelectionOptions Selection, IReadOnlyList<TuningPoint> Curve)
{
    /// <summary>Gets <see cref="Curve"/> with the chosen point marked.</summary>
    public IReadOnlyList<TuningPoint> MarkedCurve =>
        [.. Curve.Select(point => point with { IsChosen = IsChosen(point) })];

    /// <summary>Determines whether a point is what was chosen.</summary>
    /// <param name="point">One of <see cref="Curve"/>.</param>
    /// <returns>True for one point of the curve.</returns>
    public bool IsChosen(TuningPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.Alpha == Selection.Alpha && point.Relevance == Selection.Relevance;
    }
}
