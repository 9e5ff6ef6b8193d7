namespace Tsds.Explorer.Wire;

/// <summary>Represents the rows that were chosen elsewhere.</summary>
/// <param name="Name">What people read.</param>
/// <param name="Kind">"selection" or "method".</param>
/// <param name="Chosen">The number of chosen rows.</param>
internal sealed record LayerRecord(string Name, string Kind, long Chosen);
