namespace Tsds.Explorer.Wire;

/// <summary>Represents a plan that shall become a selection.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Folder">The name of the new folder.</param>
internal sealed record FolderQuery(string? Plan, string? Folder);
