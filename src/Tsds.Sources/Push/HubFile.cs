namespace Tsds.Sources.Push;

/// <summary>A file that is sent to the hub.</summary>
/// <param name="Name">Its path in the dataset, with slashes.</param>
/// <param name="Path">Its path on disk.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record HubFile(string Name, string Path, long Bytes);
