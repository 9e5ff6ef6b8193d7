using Tsds.Data.Embedding;

namespace Tsds.Data.Store;

/// <summary>
/// The vectors of a chunk by the parts of a joined embedder. What a model makes of the texts is kept apart, in the
/// folder of that model, where every other embedder that it is a part of finds it.
/// </summary>
/// <remarks>
/// A part that is fitted to the pool is not kept apart: it belongs to one pool, and embeds texts about as fast as a
/// machine writes them down, so that keeping it would only make the cache larger.
/// </remarks>
internal sealed class ChunkParts
{
    private readonly JoinedEmbedder _embedder;
    private readonly TextRole _role;
    private readonly IReadOnlyList<KeptPart?> _kept;

    private ChunkParts(JoinedEmbedder embedder, TextRole role, IReadOnlyList<KeptPart?> kept) =>
        (_embedder, _role, _kept) = (embedder, role, kept);

    /// <summary>Gets how many vectors of parts were taken from their folders.</summary>
    public long KnownRows => _kept.Sum(part => part?.KnownRows ?? 0);

    /// <summary>Begins a chunk, or returns null if the embedder has no part that is kept apart.</summary>
    /// <param name="embedder">The embedder.</param>
    /// <param name="role">The role of the texts.</param>
    /// <param name="chunk">The chunk, which is empty.</param>
    /// <param name="folderOf">Returns the folder of an embedder by its identity; or null if nothing is kept.</param>
    /// <returns>Null where texts are embedded by all parts at once.</returns>
    public static ChunkParts? TryBegin(
        IEmbedder embedder,
        TextRole role,
        ChunkInProgress chunk,
        Func<string, ChunkFolder>? folderOf
    )
    {
        if (embedder is not JoinedEmbedder joined || folderOf is null)
        {
            return null;
        }

        KeptPart?[] kept =
        [
            .. joined.Parts.Select(part =>
                part.Fit is null ? KeptPart.Begin(folderOf(part.IdentityOf(role)), chunk) : null
            ),
        ];
        return Array.TrueForAll(kept, part => part is null) ? null : new ChunkParts(joined, role, kept);
    }

    /// <summary>Embeds the next texts of the chunk.</summary>
    public async ValueTask<EmbeddingMatrix> EmbedAsync(TextBatch batch, CancellationToken cancellationToken)
    {
        List<EmbeddingMatrix> blocks = [];
        for (int i = 0; i < _kept.Count; i++)
        {
            IEmbedder part = _embedder.Parts[i];
            blocks.Add(
                _kept[i] is { } kept
                    ? await kept.EmbedAsync(batch, EmbedAsync).ConfigureAwait(false)
                    : await EmbedAsync(batch.Texts).ConfigureAwait(false)
            );

            ValueTask<EmbeddingMatrix> EmbedAsync(IReadOnlyList<string> texts) =>
                part.EmbedAsync(texts, _role, cancellationToken);
        }

        return _embedder.Join(blocks);
    }

    /// <summary>Writes the parts that are new, once the chunk is complete.</summary>
    public void Complete()
    {
        foreach (KeptPart? part in _kept)
        {
            part?.Complete();
        }
    }

    /// <summary>One part that is kept apart.</summary>
    private sealed class KeptPart
    {
        private readonly ChunkFolder _folder;
        private readonly ChunkInProgress _chunk;
        private readonly bool _isWritten;

        private KeptPart(ChunkFolder folder, ChunkInProgress chunk, bool isWritten) =>
            (_folder, _chunk, _isWritten) = (folder, chunk, isWritten);

        public long KnownRows { get; private set; }

        public static KeptPart Begin(ChunkFolder folder, ChunkInProgress whole)
        {
            EarlierRows? finished = folder.Read(whole.Number, whole.Key);
            EarlierRows? known = finished ?? folder.FindEarlier(whole.Number, whole.Key);
            return new KeptPart(folder, new ChunkInProgress(whole.Number, whole.Key, known), finished is not null);
        }

        public async ValueTask<EmbeddingMatrix> EmbedAsync(
            TextBatch batch,
            Func<IReadOnlyList<string>, ValueTask<EmbeddingMatrix>> embed
        )
        {
            KnownRows += batch.Texts.Count - await _chunk.AddAsync(batch, embed).ConfigureAwait(false);
            return _chunk.Latest;
        }

        public void Complete()
        {
            if (!_isWritten)
            {
                _folder.Write(_chunk.Number, _chunk.Texts, _chunk.Vectors);
            }
        }
    }
}
