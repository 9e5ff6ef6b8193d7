namespace Tsds.Jobs.Export;

/// <summary>An input of a selection, as a dataset card names it.</summary>
/// <param name="Name">Its address, or its file name: where files lie on a machine is nobody's business.</param>
/// <param name="Version">Its revision or ETag; null for a file on disk.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="License">The license that its dataset states, or null.</param>
internal sealed record CardSource(string Name, string? Version, long? Rows, string Sha256, string? License);
