namespace Tsds.Data.Embedding;

/// <summary>Opens the embedders that are not fitted to a pool.</summary>
internal static class Embedders
{
    /// <summary>Opens an embedder.</summary>
    /// <returns>Null for the lexical one, which a pool has yet to be read for.</returns>
    /// <exception cref="ArgumentException">The options do not fit the embedder.</exception>
    /// <exception cref="InvalidDataException">The model cannot be used; the message says why.</exception>
    public static IEmbedder? Open(EmbedderOptions options)
    {
        if (!options.IsLexical)
        {
            throw new NotSupportedException(options.Name);
        }

        return options.QueryPrefix.Length + options.PassagePrefix.Length == 0
            ? null
            : throw new ArgumentException("--embedder-prefix is for models that want queries and passages marked; the lexical embedder does not: leave it out.");
    }

    /// <summary>Gets the length of an embedder's vectors, or null where nobody can know yet.</summary>
    public static int? DimensionOf(EmbedderOptions options) => options.IsLexical ? LexicalEmbedderOptions.Default.Dimension : null;

    /// <summary>Estimates the memory of embedding, in bytes; it does not depend on the pool.</summary>
    public static long? EstimateMemory(EmbedderOptions options, int threadCount) =>
        options.IsLexical ? LexicalEmbedder.EstimateMemory(LexicalEmbedderOptions.Default) : SelectionJob.RuntimeBytes * threadCount;
}
