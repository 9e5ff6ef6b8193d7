namespace Tsds.Jobs.Compare;

/// <summary>A split of the targets as <c>metrics.json</c> has it.</summary>
/// <param name="Guide">The targets that guide the selections.</param>
/// <param name="HeldOut">The targets that judge them.</param>
internal sealed record FoldRecord(IReadOnlyList<int> Guide, IReadOnlyList<int> HeldOut);
