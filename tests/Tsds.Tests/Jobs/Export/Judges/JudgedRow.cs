namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>A row as it reaches the model.</summary>
/// <param name="Turns">The turns.</param>
/// <param name="Tools">The tools as JSON, or null.</param>
/// <param name="Media">The media, in their order.</param>
internal sealed record JudgedRow(
    IReadOnlyList<JudgedTurn> Turns,
    string? Tools = null,
    IReadOnlyList<string>? Media = null
);
