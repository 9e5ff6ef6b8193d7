namespace Tsds.Data.Tokens;

/// <summary>Tokens of a row.</summary>
/// <param name="All">All of them.</param>
/// <param name="Supervised">Those that are trained on.</param>
/// <param name="IsExact">Whether they were counted and not estimated.</param>
internal readonly record struct RowTokens(long All, long Supervised, bool IsExact);
