namespace Tsds.Jobs.Inputs;

/// <summary>An embedder that could have been chosen, as written to files.</summary>
/// <param name="Embedder">The embedder.</param>
/// <param name="Percentile">The mean share of the pool's rows that lie nearer to the other targets than a held-out
/// target does; 0 is best.</param>
internal sealed record EmbedderCandidate(string Embedder, double Percentile);
