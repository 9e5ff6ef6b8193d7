namespace Tsds.Data.Embedding;

/// <summary>
/// Turns texts into vectors. A text's vector depends on the text and its role alone, not on the texts beside it.
/// </summary>
internal interface IEmbedder : IDisposable
{
    /// <summary>
    /// Tells this embedder from every other that would give a text another vector: what stored vectors are kept under.
    /// </summary>
    /// <param name="role">What the texts are.</param>
    string IdentityOf(TextRole role);

    /// <summary>Embeds some texts.</summary>
    /// <param name="texts">Any texts, at least one.</param>
    /// <param name="role">What they are.</param>
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
