namespace Tsds.Explorer.Wire;

/// <summary>Represents what a plan changes of a source.</summary>
/// <param name="Name">The source.</param>
/// <param name="Before">Its chosen rows on disk.</param>
/// <param name="After">Its chosen rows in the plan.</param>
/// <param name="Came">Its rows that came.</param>
/// <param name="Went">Its rows that went.</param>
internal sealed record SourceChange(string Name, int Before, int After, int Came, int Went);
