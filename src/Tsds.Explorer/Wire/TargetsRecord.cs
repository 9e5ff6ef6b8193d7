namespace Tsds.Explorer.Wire;

/// <summary>Represents the texts of some targets.</summary>
/// <param name="Targets">The targets.</param>
internal sealed record TargetsRecord(IReadOnlyList<TargetTextRecord> Targets);
