using System.Text.Json.Serialization;

namespace Tsds.Evaluation.Protocol;

/// <summary>Settings that were tried, with their held-out distance.</summary>
/// <param name="Relevance">λ.</param>
/// <param name="Alpha">α.</param>
/// <param name="HeldOutDistance">W1 from what they select to the targets held out, the mean over folds; NaN if the
/// budget cannot be drawn under them.</param>
/// <param name="StandardError">Of the mean, over folds; NaN if there is no mean.</param>
public sealed record TuningPoint(double Relevance, double Alpha, double HeldOutDistance, double StandardError)
{
    /// <summary>
    /// Gets a value indicating whether a selection was made with these settings; at most one of its points is so.
    /// </summary>
    [JsonIgnore]
    public bool IsChosen { get; init; }
}
