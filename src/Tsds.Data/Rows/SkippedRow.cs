namespace Tsds.Data.Rows;

/// <summary>A row that was left out under <see cref="BadRowPolicy.Skip"/>.</summary>
/// <param name="Path">The path of its file, as it was given to the reader.</param>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Reason">What was expected and what was found.</param>
internal sealed record SkippedRow(string Path, long Line, string Reason);
