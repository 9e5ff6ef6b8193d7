using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>A method with its scores, as its file holds them.</summary>
/// <param name="Scorecard">All metrics.</param>
/// <param name="Seconds">What selecting took.</param>
/// <param name="WasKnown">Whether an earlier run had finished it.</param>
internal sealed record FinishedMethod(Scorecard Scorecard, double Seconds, bool WasKnown);
