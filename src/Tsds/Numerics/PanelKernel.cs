using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>
/// The blocked kernel, shaped like a matrix product: some rows of a block times one panel of packed queries.
/// </summary>
/// <remarks>
/// A panel holds two registers of queries, depth-major: unit p of all its queries stands together. The tile is 6 rows ×
/// 2 registers = 12 accumulators, so that with 2 query registers, 1 broadcast and 1 product before its addition all
/// live in the 16 registers of AVX2; each step does 12 multiply-adds for 8 loads. Depth is cut into chunks so that a
/// panel's chunk stays in the first-level cache while the rows pass over it; between chunks the accumulators rest in
/// the tile of products. Each product is summed in the order of depth, whatever the register.
/// </remarks>
internal static class PanelKernel
{
    public const int TileRows = 6;
    public const int TileRegisters = 2;
    private const int DepthChunk = 256;

    /// <summary>Computes products[n, q] = Σ_p units[rows[n], p]·panel[p, q].</summary>
    /// <param name="units">Shape [any, stride].</param>
    /// <param name="stride">Units from one row to the next.</param>
    /// <param name="rows">Which rows; a multiple of <see cref="TileRows"/>, in which the last may be repeated.</param>
    /// <param name="depth">Units of a row that count.</param>
    /// <param name="panel">Shape [depth, width], width = 2 registers.</param>
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
            ReadOnlySpan<int> chunk = panel.Slice(start * width, length * width);
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

    /// <summary>Adds one chunk of depth to a tile.</summary>
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
        if (isFirst)
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = TLane.Zero;
        }
        else
        {
            c00 = TLane.Load(in product);
            c01 = TLane.Load(in Unsafe.Add(ref product, lane));
            c10 = TLane.Load(in Unsafe.Add(ref product, 2 * lane));
            c11 = TLane.Load(in Unsafe.Add(ref product, 3 * lane));
            c20 = TLane.Load(in Unsafe.Add(ref product, 4 * lane));
            c21 = TLane.Load(in Unsafe.Add(ref product, 5 * lane));
            c30 = TLane.Load(in Unsafe.Add(ref product, 6 * lane));
            c31 = TLane.Load(in Unsafe.Add(ref product, 7 * lane));
            c40 = TLane.Load(in Unsafe.Add(ref product, 8 * lane));
            c41 = TLane.Load(in Unsafe.Add(ref product, 9 * lane));
            c50 = TLane.Load(in Unsafe.Add(ref product, 10 * lane));
            c51 = TLane.Load(in Unsafe.Add(ref product, 11 * lane));
        }

        ref int query = ref Unsafe.AsRef(in queries);
        for (nint p = 0; p < length; p++)
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
    }
}
