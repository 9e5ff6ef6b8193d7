namespace Tsds.Quality;

/// <summary>A row of the evaluation data, with what no selector may see beside its text.</summary>
/// <param name="Text">The text that is embedded.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Label">Its class within its source, or null.</param>
internal sealed record LabelledText(string Text, string Source, string? Label);
