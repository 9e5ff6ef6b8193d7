using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>Keys of a pool's rows, by which those that are the same are found.</summary>
/// <remarks>
/// 16 bytes a row: 88 bits of SHA-256 and the row's number, in 256 buckets by the first bits, each sorted alone. Of ten
/// billion different rows two have one key with a chance of one in six million. For embeddings, the keys of their pool
/// come before: only rows that share one are hashed.
/// </remarks>
internal sealed class RowKeys
{
    /// <summary>Bytes that are held for each row.</summary>
    public const int BytesPerRow = 16;

    private const int NumberBits = 40;
    private const int BlockLength = 512;

    /// <summary>Rows whose embeddings are compared at once.</summary>
    private const int RowsAtOnce = 1 << 18;

    /// <summary>Elements of embeddings that are hashed at once: 4 MB.</summary>
    private const int HashedElements = 1 << 20;

    private static readonly UInt128 NumberMask = (UInt128.One << NumberBits) - 1;

    private readonly NormalText _normal = new();
    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, 256).Select(_ => new Bucket())];

    /// <summary>Adds the key of a row's text, in which runs of white space count as one.</summary>
    /// <param name="row">The row's number.</param>
    /// <param name="text">The text as it is embedded; one without letters is like no other.</param>
    public void Add(long row, string text)
    {
        if (_normal.HashOf(text) is { } hash)
        {
            Add(row, hash);
        }
    }

    /// <summary>Finds the rows that are the same as an earlier one, and releases the keys.</summary>
    /// <returns>Those rows.</returns>
    public PoolCopies Find()
    {
        List<(long Row, long First)> copies = [];
        foreach (Bucket bucket in _buckets)
        {
            UInt128[] keys = bucket.Take();
            Array.Sort(keys);
            int first = 0;
            for (int i = 1; i < keys.Length; i++)
            {
                if (keys[i] >> NumberBits == keys[first] >> NumberBits)
                {
                    copies.Add(((long)(keys[i] & NumberMask), (long)(keys[first] & NumberMask)));
                }
                else
                {
                    first = i;
                }
            }
        }

        copies.Sort();
        return new PoolCopies([.. copies.Select(copy => copy.Row)], [.. copies.Select(copy => copy.First)]);
    }

    /// <summary>Finds the rows whose embeddings are the same to the last bit.</summary>
    /// <param name="pool">The pool, all of which is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<PoolCopies> FindByEmbeddingAsync(ICandidatePool pool, CancellationToken cancellationToken)
    {
        RowKeys keys = new();
        for (long first = 0; first < pool.Count; first += RowsAtOnce)
        {
            int count = (int)Math.Min(RowsAtOnce, pool.Count - first);
            UInt128[] hashes = await pool.ReadKeysAsync(first, count, cancellationToken).ConfigureAwait(false);
            for (int row = 0; row < count; row++)
            {
                keys.Add(first + row, hashes[row]);
            }
        }

        // The keys of a pool are quick to compute and no proof; few rows share one.
        PoolCopies likely = keys.Find();
        long[] rows = [.. likely.All.SelectMany(copy => new[] { copy.Row, copy.First }).Distinct().Order()];
        return await FindByHashAsync(pool, rows, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds those of some rows, ascending, whose embeddings have one SHA-256.</summary>
    private static async Task<PoolCopies> FindByHashAsync(
        ICandidatePool pool,
        long[] rows,
        CancellationToken cancellationToken
    )
    {
        RowKeys keys = new();
        byte[] digest = new byte[SHA256.HashSizeInBytes];
        foreach (long[] block in rows.Chunk(Math.Max(1, HashedElements / pool.Dimension)))
        {
            EmbeddingMatrix embeddings = await pool.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            for (int row = 0; row < block.Length; row++)
            {
                SHA256.HashData(MemoryMarshal.AsBytes(embeddings[row]), digest);
                keys.Add(block[row], BinaryPrimitives.ReadUInt128LittleEndian(digest));
            }
        }

        return keys.Find();
    }

    private void Add(long row, UInt128 hash) =>
        _buckets[(int)(hash >> 120)].Add((hash & ~NumberMask) | (UInt128)(ulong)row);

    /// <summary>Keys in blocks, so that adding one never copies the others.</summary>
    private sealed class Bucket
    {
        private readonly List<UInt128[]> _blocks = [];
        private int _count = BlockLength;

        public void Add(UInt128 key)
        {
            if (_count == BlockLength)
            {
                _blocks.Add(new UInt128[BlockLength]);
                _count = 0;
            }

            _blocks[^1][_count++] = key;
        }

        /// <summary>Removes and returns all keys.</summary>
        public UInt128[] Take()
        {
            UInt128[] keys = new UInt128[Math.Max(0, ((_blocks.Count - 1) * BlockLength) + _count)];
            for (int block = 0; block < _blocks.Count; block++)
            {
                int first = block * BlockLength;
                _blocks[block].AsSpan(0, Math.Min(BlockLength, keys.Length - first)).CopyTo(keys.AsSpan(first));
            }

            _blocks.Clear();
            _count = BlockLength;
            return keys;
        }
    }
}
