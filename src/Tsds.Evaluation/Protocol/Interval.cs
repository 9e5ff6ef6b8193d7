namespace Tsds.Evaluation.Protocol;

/// <summary>
/// The middle 95 % of the replicates of a value: of 1,000 resamples of the held-out targets, over the subsamples of the
/// selection in turn.
/// </summary>
/// <param name="Low">The 2.5th percentile.</param>
/// <param name="High">The 97.5th percentile.</param>
internal readonly record struct Interval(double Low, double High);
