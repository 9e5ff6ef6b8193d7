namespace Tsds.Jobs.Explore;

/// <summary>Represents a row to which a target sends mass.</summary>
/// <param name="Row">The row.</param>
/// <param name="Distance">From the target, with what relevance adds.</param>
/// <param name="Mass">What the target sends it.</param>
/// <param name="Count">Times it was drawn.</param>
/// <param name="Probability">Its probability, with what other targets send.</param>
internal sealed record ServedRow(long Row, double Distance, double Mass, long Count, double Probability);
