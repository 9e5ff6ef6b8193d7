using Tsds.Data.Embedding;

namespace Tsds.Tests.Data.Store;

/// <summary>
/// An embedder whose vectors tell their text, that counts what it is asked, and that can stop after some texts.
/// </summary>
internal sealed class CountingEmbedder : IEmbedder
{
    private const int Dimension = 3;

    /// <summary>Gets the texts embedded so far.</summary>
    public int Count { get; private set; }

    /// <summary>Gets after how many texts the next call fails.</summary>
    public int StopAfter { get; init; } = int.MaxValue;

    public static float[] VectorOf(string text) =>
        [text.Length, text.Sum(character => (float)character), text.Length == 0 ? 0 : text[^1]];

    public string IdentityOf(TextRole role) => "counting";

    public ValueTask<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    )
    {
        if (Count + texts.Count > StopAfter)
        {
            throw new OperationCanceledException();
        }

        Count += texts.Count;
        return ValueTask.FromResult(new EmbeddingMatrix(texts.SelectMany(VectorOf).ToArray(), Dimension));
    }

    public void Dispose() { }
}
