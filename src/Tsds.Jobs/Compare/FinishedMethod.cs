using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>A method with its scores, as stored in its file.</summary>
/// <param name="Scorecard">All metrics.</param>
/// <param name="Seconds">What selecting took.</param>
/// <param name="WasKnown">True if an earlier run had finished it.</param>
internal sealed record FinishedMethod(Scorecard Scorecard, double Seconds, bool WasKnown);
