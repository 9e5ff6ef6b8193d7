namespace Tsds.Jobs.Export;

/// <summary>A row that cannot be used as it is, and why.</summary>
/// <param name="Line">The number of its line in the file that was read, from 1.</param>
/// <param name="Reason">What was expected and what was found.</param>
internal sealed record RowProblem(long Line, string Reason);
