namespace Tsds.Explorer.Wire;

/// <summary>Represents the largest share of a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Share">From 0 to 1.</param>
internal sealed record CapRecord(string Source, double Share);
