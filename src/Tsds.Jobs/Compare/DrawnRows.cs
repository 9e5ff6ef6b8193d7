namespace Tsds.Jobs.Compare;

/// <summary>The rows that a method selected in one fold, as its file has them.</summary>
/// <param name="Rows">The rows of the pool.</param>
/// <param name="Counts">How often each was drawn; empty for once each.</param>
internal sealed record DrawnRows(long[] Rows, long[] Counts);
