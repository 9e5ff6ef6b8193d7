namespace Tsds.Sources.Hub;

/// <summary>A file or folder of a dataset, as the hub lists it.</summary>
/// <param name="Type">file or directory.</param>
/// <param name="Path">The path.</param>
/// <param name="Size">The size.</param>
/// <param name="Oid">The name of the content in Git.</param>
/// <param name="Lfs">The content of a large file; null for a small one.</param>
internal sealed record HubEntry(string Type, string Path, long Size, string? Oid, HubLargeFile? Lfs);
