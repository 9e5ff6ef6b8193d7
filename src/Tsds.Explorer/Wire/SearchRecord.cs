namespace Tsds.Explorer.Wire;

/// <summary>Represents the rows that a search found.</summary>
/// <param name="Total">Their number.</param>
/// <param name="Rows">The first of them, ascending.</param>
internal sealed record SearchRecord(long Total, IReadOnlyList<long> Rows);
