namespace Tsds.Sources.Hub;

/// <summary>The content of a large file, as the hub lists it.</summary>
/// <param name="Oid">Its SHA-256.</param>
/// <param name="Size">Its size.</param>
internal sealed record HubLargeFile(string? Oid, long Size);
