namespace Tsds.Explorer.Wire;

/// <summary>Represents a file that was written for a command line.</summary>
/// <param name="Path">The file.</param>
/// <param name="What">What it holds.</param>
internal sealed record CommandFile(string Path, string What);
