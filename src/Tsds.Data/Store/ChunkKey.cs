namespace Tsds.Data.Store;

/// <summary>The identity of a chunk: consecutive texts, identified by their content.</summary>
/// <param name="Texts">The key of all texts, in order.</param>
/// <param name="First">The key of the first text: chunks that begin alike may have rows in common.</param>
/// <param name="RowCount">The number of texts.</param>
internal sealed record ChunkKey(string Texts, string First, int RowCount)
{
    /// <summary>
    /// The number of rows of a chunk; the last chunk of a pool may have fewer. An interrupted run loses at most one
    /// chunk.
    /// </summary>
    public const int Rows = 4096;

    public static ChunkKey Of(ReadOnlySpan<UInt128> texts) =>
        new(TextKey.Of(texts), TextKey.Of(texts[..1]), texts.Length);

    /// <summary>Divides texts into chunks.</summary>
    public static IReadOnlyList<ChunkKey> Scan(IEnumerable<string> texts)
    {
        List<ChunkKey> chunks = [];
        UInt128[] keys = new UInt128[Rows];
        int count = 0;
        foreach (string text in texts)
        {
            keys[count++] = TextKey.Of(text);
            if (count == Rows)
            {
                chunks.Add(Of(keys));
                count = 0;
            }
        }

        if (count > 0)
        {
            chunks.Add(Of(keys.AsSpan(0, count)));
        }

        return chunks;
    }
}
