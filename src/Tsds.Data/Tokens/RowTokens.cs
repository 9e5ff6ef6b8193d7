namespace Tsds.Data.Tokens;

/// <summary>The number of tokens of a row.</summary>
/// <param name="All">All of them.</param>
/// <param name="Supervised">Those that are trained on.</param>
/// <param name="IsExact">True if they were counted, not estimated.</param>
internal readonly record struct RowTokens(long All, long Supervised, bool IsExact);
