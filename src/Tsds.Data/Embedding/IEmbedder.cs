namespace Tsds.Data.Embedding;

/// <summary>
/// Converts texts to vectors. The vector of a text depends only on the text and its role, not on the other texts of a
/// batch.
/// </summary>
internal interface IEmbedder : IDisposable
{
    /// <summary>
    /// Returns the identity of the embedder for a role, under which vectors are stored. Embedders that would give a
    /// text different vectors have different identities.
    /// </summary>
    /// <param name="role">The role of the texts.</param>
    string IdentityOf(TextRole role);

    /// <summary>Gets the fit of the embedder to the pool, or null if it is the same for every pool.</summary>
    EmbedderFit? Fit => null;

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">Any texts, at least one.</param>
    /// <param name="role">The role of the texts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Shape [texts, dimension], finite; the dimension is the same from call to call.</returns>
    /// <exception cref="InvalidDataException">The model answers with something else than vectors; the message names
    /// it.</exception>
    /// <exception cref="IOException">The model cannot be reached.</exception>
    ValueTask<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    );
}
