namespace Tsds.Evaluation.Protocol;

/// <summary>One setting that was tried, with its held-out distance.</summary>
/// <param name="Alpha">α.</param>
/// <param name="HeldOutDistance">W1 from what it selects to the targets held out, the mean over folds; NaN if the
/// budget cannot be drawn at this α.</param>
/// <param name="StandardError">Of the mean, over folds; NaN if there is no mean.</param>
public sealed record TuningPoint(double Alpha, double HeldOutDistance, double StandardError);
