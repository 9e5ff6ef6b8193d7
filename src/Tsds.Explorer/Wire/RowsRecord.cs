namespace Tsds.Explorer.Wire;

/// <summary>Represents the texts of some rows.</summary>
/// <param name="Rows">The rows.</param>
internal sealed record RowsRecord(IReadOnlyList<RowTextRecord> Rows);
