namespace Tsds.Data.Store;

/// <summary>The vectors of an earlier version of a chunk, by text.</summary>
internal sealed class EarlierRows
{
    private readonly EmbeddingMatrix _vectors;
    private readonly Dictionary<UInt128, int> _rows;

    public EarlierRows(UInt128[] texts, EmbeddingMatrix vectors)
    {
        _vectors = vectors;
        _rows = new Dictionary<UInt128, int>(texts.Length);
        for (int row = 0; row < texts.Length; row++)
        {
            // A text that occurs twice has the same vector twice.
            _rows[texts[row]] = row;
        }

        Count = texts.Length;
    }

    public int Count { get; }

    public int Dimension => _vectors.Dimension;

    /// <summary>Returns the vector of a text, or an empty span.</summary>
    /// <returns>Its vector, or an empty span.</returns>
    public ReadOnlySpan<float> Find(UInt128 text) => _rows.TryGetValue(text, out int row) ? _vectors[row] : [];
}
