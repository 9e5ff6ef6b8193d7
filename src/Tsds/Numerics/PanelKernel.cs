using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>
/// The blocked kernel, shaped like a matrix product: some rows of a block times one panel of packed queries.
/// </summary>
/// <remarks>
/// A panel holds two registers of queries, depth-major: unit p of all its queries stands together. The tile is 6 rows ×
/// 2 registers = 12 accumulators, so that with 2 query registers, 1 broadcast and 1 product before its addition all
/// live in the 16 registers of AVX2; each step does 12 multiply-adds for 8 loads. Depth is cut into parts so that a
/// panel's part stays in the first-level cache while the rows pass over it, and those into chunks whose sums stay in
/// range; between chunks the products rest in the tile.
/// </remarks>
internal static class PanelKernel
{
    public const int TileRows = 6;
    public const int TileRegisters = 2;

    /// <summary>The number of units of a part of depth, a multiple of every chunk.</summary>
    public const int DepthChunk = 256;

    /// <summary>Returns the units of a packed query: its depth, and the heads of its chunks.</summary>
    public static int PackedDepth(int depth, int chunkUnits, int headUnits) =>
        depth + ((depth + chunkUnits - 1) / chunkUnits * headUnits);

    /// <summary>Computes products[n, q] = Σ_p units[rows[n], p]·panel[p, q].</summary>
    /// <param name="units">Shape [any, stride].</param>
    /// <param name="stride">Units from one row to the next.</param>
    /// <param name="rows">Which rows; a multiple of <see cref="TileRows"/>, in which the last may be repeated.</param>
    /// <param name="depth">Units of a row that count.</param>
    /// <param name="panel">
    /// Shape [<see cref="PackedDepth"/>, width], width = 2 registers: depth, each chunk after its head.
    /// </param>
    /// <param name="products">Shape [rows, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLane>(
        ReadOnlySpan<int> units,
        int stride,
        ReadOnlySpan<int> rows,
        int depth,
        ReadOnlySpan<int> panel,
        Span<int> products
    )
        where TLane : struct, ISimdRegister<TLane>
    {
        int width = TileRegisters * TLane.Count;
        Debug.Assert(rows.Length % TileRows == 0);
        ReadOnlySpan<int> within = units[..(((units.Length / stride) - 1) * stride + depth)];
        for (int start = 0; start < depth; start += DepthChunk)
        {
            int length = Math.Min(DepthChunk, depth - start);
            ReadOnlySpan<int> chunk = panel.Slice(
                PackedDepth(start, TLane.ChunkUnits, TLane.HeadUnits) * width,
                PackedDepth(length, TLane.ChunkUnits, TLane.HeadUnits) * width
            );
            for (int n = 0; n < rows.Length; n += TileRows)
            {
                // Slices check what the tile then reads without checks.
                MultiplyTile<TLane>(
                    in within.Slice((rows[n] * stride) + start, length)[0],
                    in within.Slice((rows[n + 1] * stride) + start, length)[0],
                    in within.Slice((rows[n + 2] * stride) + start, length)[0],
                    in within.Slice((rows[n + 3] * stride) + start, length)[0],
                    in within.Slice((rows[n + 4] * stride) + start, length)[0],
                    in within.Slice((rows[n + 5] * stride) + start, length)[0],
                    length,
                    in chunk[0],
                    ref products.Slice(n * width, TileRows * width)[0],
                    isFirst: start == 0
                );
            }
        }
    }

    /// <summary>Returns x·q of one row and one query, both padded with zeros to whole registers.</summary>
    /// <param name="row">The units of the row, at least as many as those of the query.</param>
    /// <param name="query">The units of the query, a multiple of the register.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot<TLane>(ReadOnlySpan<int> row, ReadOnlySpan<int> query)
        where TLane : struct, ISimdRegister<TLane>
    {
        ref readonly int x = ref row[..query.Length][0];
        ref readonly int q = ref query[0];
        TLane even = TLane.Zero;
        TLane odd = TLane.Zero;
        int p = 0;
        for (; p <= query.Length - (2 * TLane.Count); p += 2 * TLane.Count)
        {
            even = Add(in x, in q, p, even);
            odd = Add(in x, in q, p + TLane.Count, odd);
        }

        for (; p < query.Length; p += TLane.Count)
        {
            even = Add(in x, in q, p, even);
        }

        return TLane.Sum(TLane.Finish(even, odd));

        static TLane Add(ref readonly int x, ref readonly int q, int p, TLane sum) =>
            TLane.MultiplyAdd(
                TLane.Load(in Unsafe.Add(ref Unsafe.AsRef(in x), p)),
                TLane.Load(in Unsafe.Add(ref Unsafe.AsRef(in q), p)),
                sum
            );
    }

    /// <summary>Adds one part of depth to a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile<TLane>(
        ref readonly int row0,
        ref readonly int row1,
        ref readonly int row2,
        ref readonly int row3,
        ref readonly int row4,
        ref readonly int row5,
        int length,
        ref readonly int queries,
        ref int product,
        bool isFirst
    )
        where TLane : struct, ISimdRegister<TLane>
    {
        int lane = TLane.Count;
        TLane c00,
            c01,
            c10,
            c11,
            c20,
            c21,
            c30,
            c31,
            c40,
            c41,
            c50,
            c51;
        ref int query = ref Unsafe.AsRef(in queries);
        for (nint p = 0; p < length; )
        {
            nint end = Math.Min(p + TLane.ChunkUnits, length);
            c00 = TLane.Zero;
            c01 = TLane.Zero;
            if (TLane.HeadUnits > 0)
            {
                c00 = TLane.Load(in query);
                c01 = TLane.Load(in Unsafe.Add(ref query, lane));
                query = ref Unsafe.Add(ref query, 2 * lane);
            }

            c10 = c20 = c30 = c40 = c50 = c00;
            c11 = c21 = c31 = c41 = c51 = c01;
            for (; p < end; p++)
            {
                TLane q0 = TLane.Load(in query);
                TLane q1 = TLane.Load(in Unsafe.Add(ref query, lane));
                TLane value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row0), p));
                c00 = TLane.MultiplyAdd(value, q0, c00);
                c01 = TLane.MultiplyAdd(value, q1, c01);
                value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row1), p));
                c10 = TLane.MultiplyAdd(value, q0, c10);
                c11 = TLane.MultiplyAdd(value, q1, c11);
                value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row2), p));
                c20 = TLane.MultiplyAdd(value, q0, c20);
                c21 = TLane.MultiplyAdd(value, q1, c21);
                value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row3), p));
                c30 = TLane.MultiplyAdd(value, q0, c30);
                c31 = TLane.MultiplyAdd(value, q1, c31);
                value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row4), p));
                c40 = TLane.MultiplyAdd(value, q0, c40);
                c41 = TLane.MultiplyAdd(value, q1, c41);
                value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row5), p));
                c50 = TLane.MultiplyAdd(value, q0, c50);
                c51 = TLane.MultiplyAdd(value, q1, c51);
                query = ref Unsafe.Add(ref query, 2 * lane);
            }

            if (!isFirst)
            {
                c00 = TLane.Finish(c00, TLane.Load(in product));
                c01 = TLane.Finish(c01, TLane.Load(in Unsafe.Add(ref product, lane)));
                c10 = TLane.Finish(c10, TLane.Load(in Unsafe.Add(ref product, 2 * lane)));
                c11 = TLane.Finish(c11, TLane.Load(in Unsafe.Add(ref product, 3 * lane)));
                c20 = TLane.Finish(c20, TLane.Load(in Unsafe.Add(ref product, 4 * lane)));
                c21 = TLane.Finish(c21, TLane.Load(in Unsafe.Add(ref product, 5 * lane)));
                c30 = TLane.Finish(c30, TLane.Load(in Unsafe.Add(ref product, 6 * lane)));
                c31 = TLane.Finish(c31, TLane.Load(in Unsafe.Add(ref product, 7 * lane)));
                c40 = TLane.Finish(c40, TLane.Load(in Unsafe.Add(ref product, 8 * lane)));
                c41 = TLane.Finish(c41, TLane.Load(in Unsafe.Add(ref product, 9 * lane)));
                c50 = TLane.Finish(c50, TLane.Load(in Unsafe.Add(ref product, 10 * lane)));
                c51 = TLane.Finish(c51, TLane.Load(in Unsafe.Add(ref product, 11 * lane)));
            }
            else
            {
                c00 = TLane.Finish(c00, TLane.Zero);
                c01 = TLane.Finish(c01, TLane.Zero);
                c10 = TLane.Finish(c10, TLane.Zero);
                c11 = TLane.Finish(c11, TLane.Zero);
                c20 = TLane.Finish(c20, TLane.Zero);
                c21 = TLane.Finish(c21, TLane.Zero);
                c30 = TLane.Finish(c30, TLane.Zero);
                c31 = TLane.Finish(c31, TLane.Zero);
                c40 = TLane.Finish(c40, TLane.Zero);
                c41 = TLane.Finish(c41, TLane.Zero);
                c50 = TLane.Finish(c50, TLane.Zero);
                c51 = TLane.Finish(c51, TLane.Zero);
            }

            TLane.Store(c00, ref product);
            TLane.Store(c01, ref Unsafe.Add(ref product, lane));
            TLane.Store(c10, ref Unsafe.Add(ref product, 2 * lane));
            TLane.Store(c11, ref Unsafe.Add(ref product, 3 * lane));
            TLane.Store(c20, ref Unsafe.Add(ref product, 4 * lane));
            TLane.Store(c21, ref Unsafe.Add(ref product, 5 * lane));
            TLane.Store(c30, ref Unsafe.Add(ref product, 6 * lane));
            TLane.Store(c31, ref Unsafe.Add(ref product, 7 * lane));
            TLane.Store(c40, ref Unsafe.Add(ref product, 8 * lane));
            TLane.Store(c41, ref Unsafe.Add(ref product, 9 * lane));
            TLane.Store(c50, ref Unsafe.Add(ref product, 10 * lane));
            TLane.Store(c51, ref Unsafe.Add(ref product, 11 * lane));
            isFirst = false;
        }
    }
}
