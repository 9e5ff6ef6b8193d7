using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tsds.Pools;

/// <summary>Keys of embeddings: those that are the same to the last bit, and no others, have one key.</summary>
internal static class EmbeddingKeys
{
    /// <summary>The elements that are read at once: 16 MB.</summary>
    private const int ElementsAtOnce = 1 << 22;

    /// <summary>Reads embeddings and hashes each.</summary>
    public static async ValueTask<UInt128[]> ReadAsync(
        ICandidatePool pool,
        long firstId,
        int count,
        CancellationToken cancellationToken
    )
    {
        UInt128[] keys = new UInt128[count];
        byte[] hash = new byte[SHA256.HashSizeInBytes];
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
                SHA256.HashData(MemoryMarshal.AsBytes(rows[row]), hash);
                keys[first + row] = MemoryMarshal.Read<UInt128>(hash);
            }
        }

        return keys;
    }
}
