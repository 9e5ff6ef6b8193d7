namespace Tsds.Explorer.Wire;

/// <summary>Represents a source of rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows in the pool.</param>
/// <param name="Chosen">Its chosen rows.</param>
internal sealed record SourceRecord(string Name, long Rows, long Chosen);
