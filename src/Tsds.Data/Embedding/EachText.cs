namespace Tsds.Data.Embedding;

/// <summary>
/// Embeds texts one by one on several threads, for embedders whose vectors do not depend on one another.
/// </summary>
internal static class EachText
{
    /// <summary>Writes the embedding of a text.</summary>
    public delegate void Write(string text, Span<float> destination);

    /// <summary>Returns the embeddings of texts, in their order.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="dimension">d, the length of an embedding.</param>
    /// <param name="threadCount">The number of threads. The embeddings do not depend on it.</param>
    /// <param name="write">Writes one embedding; called on several threads at once.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static EmbeddingMatrix Embed(
        IReadOnlyList<string> texts,
        int dimension,
        int threadCount,
        Write write,
        CancellationToken cancellationToken
    )
    {
        float[] values = new float[texts.Count * dimension];
        Parallel.For(
            0,
            texts.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount, CancellationToken = cancellationToken },
            i => write(texts[i], values.AsSpan(i * dimension, dimension))
        );
        return new EmbeddingMatrix(values, dimension);
    }
}
