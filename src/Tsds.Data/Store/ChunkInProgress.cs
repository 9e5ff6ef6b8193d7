namespace Tsds.Data.Store;

/// <summary>A chunk that is being filled with rows.</summary>
internal sealed class ChunkInProgress(int number, ChunkKey key, EarlierRows? earlier)
{
    private float[] _values = [];
    private int _dimension;
    private int _count;

    public int Number => number;

    public ChunkKey Key => key;

    public UInt128[] Texts { get; } = new UInt128[key.RowCount];

    public bool IsComplete => _count == key.RowCount;

    public EmbeddingMatrix Vectors => new(_values, _dimension);

    /// <summary>Gets the vectors of the rows that were added last; shape [rows, dimension].</summary>
    public EmbeddingMatrix Latest { get; private set; }

    /// <summary>Adds the next rows: vectors of known texts are copied, the other texts are embedded.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="embed">Embeds texts; called once, or not at all where all are known.</param>
    /// <returns>How many were embedded.</returns>
    public async Task<int> AddAsync(TextBatch batch, Func<IReadOnlyList<string>, ValueTask<EmbeddingMatrix>> embed)
    {
        int first = _count;
        if (first + batch.Texts.Count > key.RowCount)
        {
            throw new IOException(
                "Expected the rows that were read before, found more: the files changed during the run. Run "
                    + "again once they are complete."
            );
        }

        int[] missing =
        [
            .. Enumerable
                .Range(0, batch.Texts.Count)
                .Where(i => earlier is null || earlier.Find(batch.Keys[i]).IsEmpty),
        ];
        EmbeddingMatrix embedded = default;
        if (missing.Length > 0)
        {
            string[] texts = [.. missing.Select(i => batch.Texts[i])];
            embedded = await embed(texts).ConfigureAwait(false);
        }

        Reserve(missing.Length > 0 ? embedded.Dimension : earlier!.Dimension);
        for (int i = 0, next = 0; i < batch.Texts.Count; i++)
        {
            bool isNew = next < missing.Length && missing[next] == i;
            ReadOnlySpan<float> vector = isNew ? embedded[next++] : earlier!.Find(batch.Keys[i]);
            vector.CopyTo(_values.AsSpan((first + i) * _dimension, _dimension));
            Texts[first + i] = batch.Keys[i];
        }

        _count += batch.Texts.Count;
        Latest = new EmbeddingMatrix(_values.AsMemory(first * _dimension, batch.Texts.Count * _dimension), _dimension);
        return missing.Length;
    }

    private void Reserve(int dimension)
    {
        if (_dimension == 0)
        {
            _dimension = dimension;
            _values = new float[key.RowCount * dimension];
        }
        else if (_dimension != dimension)
        {
            throw new InvalidDataException(
                $"Expected vectors of dimension {_dimension} from the embedder, as before, found dimension "
                    + $"{dimension}; embed the pool anew with one model."
            );
        }
    }
}
