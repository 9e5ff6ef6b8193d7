namespace Tsds.Sources.Hub;

/// <summary>A revision of a dataset, as the hub answers.</summary>
/// <param name="Sha">The commit.</param>
internal sealed record HubRevision(string? Sha);
