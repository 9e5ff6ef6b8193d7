namespace Tsds.Jobs.Inputs;

/// <summary>Represents the selection that another was made from, and what was changed.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Sha256">The SHA-256 of its <c>manifest.json</c>.</param>
/// <param name="Changes">What was changed, a few words each.</param>
internal sealed record SelectionOrigin(string Folder, string Sha256, IReadOnlyList<string> Changes);
