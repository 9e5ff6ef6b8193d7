using Tsds.Jobs.Explore;

namespace Tsds.Explorer.Wire;

/// <summary>Represents the rows near a place.</summary>
/// <param name="Rows">The rows, nearest first.</param>
internal sealed record NearRecord(IReadOnlyList<NearRow> Rows);
