namespace Tsds.Data.Embedding;

/// <summary>The fit of an embedder to a pool, as written to the manifest.</summary>
/// <param name="Version">The embedder's version, which changes whenever its values do.</param>
/// <param name="SampleRows">The rows that it was fitted on.</param>
internal sealed record EmbedderFit(string Version, int SampleRows);
