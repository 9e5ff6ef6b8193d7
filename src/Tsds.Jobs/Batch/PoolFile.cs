namespace Tsds.Jobs.Batch;

/// <summary>A source of the pool's vectors, as a request lists it.</summary>
/// <param name="Source">The source, as <see cref="VectorSource.Parse"/> reads it.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">The hash that its file must have, or empty if nothing says so.</param>
internal sealed record PoolFile(string Source, long Rows, string Sha256);
