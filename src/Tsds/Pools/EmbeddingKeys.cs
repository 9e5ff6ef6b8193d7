using System.Runtime.InteropServices;
using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>
/// Keys of embeddings: those that are the same to the last bit have one key, and of others hardly ever two.
/// </summary>
/// <remarks>
/// Two words at a time are multiplied to 128 bits, whose halves are folded together, in two chains that begin and pair
/// the words differently. That takes far less time than SHA-256, and is no proof: whoever acts on equal keys compares
/// the embeddings.
/// </remarks>
internal static class EmbeddingKeys
{
    /// <summary>The elements that are read at once: 256 kB, which stay in the cache until they are hashed.</summary>
    private const int ElementsAtOnce = 1 << 16;

    /// <summary>The numbers that words are mixed with: odd, with about as many ones as zeros.</summary>
    private const ulong Upper = 0xA3B1956359C6D32D;
    private const ulong Lower = 0x5D8E2C71B46A9C35;

    /// <summary>
    /// The numbers that the chains begin with, others than those above: else the first two words could change places.
    /// </summary>
    private const ulong UpperStart = 0x71C9A64BD50E3F29;
    private const ulong LowerStart = 0x2F6B8D90C4E1A357;

    /// <summary>Reads embeddings and returns the key of each.</summary>
    public static async ValueTask<UInt128[]> ReadAsync(
        ICandidatePool pool,
        long firstId,
        int count,
        CancellationToken cancellationToken
    )
    {
        UInt128[] keys = new UInt128[count];
        int atOnce = Math.Max(1, ElementsAtOnce / pool.Dimension);
        for (int first = 0; first < count; first += atOnce)
        {
            long[] ids = new long[Math.Min(atOnce, count - first)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = firstId + first + i;
            }

            EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(ids, cancellationToken).ConfigureAwait(false);
            for (int row = 0; row < ids.Length; row++)
            {
                keys[first + row] = KeyOf(rows[row]);
            }
        }

        return keys;
    }

    /// <summary>Reads consecutive rows and returns the key of each, without holding more than a few of them.</summary>
    public static UInt128[] Read(IRowSource source, long first, int count, CancellationToken cancellationToken)
    {
        UInt128[] keys = new UInt128[count];
        int dimension = source.Dimension;
        float[] rows = new float[IRowSource.RowsAtOnce * dimension];
        for (int start = 0; start < count; start += IRowSource.RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = Math.Min(IRowSource.RowsAtOnce, count - start);
            source.ReadRows(first + start, read, rows, dimension);
            for (int row = 0; row < read; row++)
            {
                keys[start + row] = KeyOf(rows.AsSpan(row * dimension, dimension));
            }
        }

        return keys;
    }

    /// <summary>Returns the key of an embedding.</summary>
    public static UInt128 KeyOf(ReadOnlySpan<float> embedding)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<float, ulong>(embedding);
        ulong upper = UpperStart;
        ulong lower = LowerStart;
        int i = 0;
        for (; i + 2 <= words.Length; i += 2)
        {
            upper = Fold(words[i] ^ Upper, words[i + 1] ^ upper);
            lower = Fold(words[i + 1] ^ Lower, words[i] ^ lower);
        }

        ulong word = i < words.Length ? words[i] : 0;
        ulong element = embedding.Length % 2 == 1 ? BitConverter.SingleToUInt32Bits(embedding[^1]) : 0;
        upper = Fold(word ^ Upper, element ^ upper);
        lower = Fold(element ^ Lower, word ^ lower);
        return new UInt128(Fold(upper, Upper), Fold(lower, Lower));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
