using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>The blocked kernel, shaped like a matrix product: rows of a block times one panel of packed queries.</summary>
/// <remarks>
/// A panel holds three registers of queries, depth-major: element p of all its queries stands together. The tile is 4 rows × 3
/// registers = 12 accumulators, so that with 3 query registers and 1 broadcast all live in the 16 registers of AVX2, and each
/// step does 12 multiply-adds for 7 loads. Depth is cut into chunks so that a panel's chunk stays in the first-level cache while the
/// rows of the block pass over it; between chunks the accumulators rest in the tile of products.
/// </remarks>
internal static class PanelKernel
{
    public const int TileRows = 4;
    public const int TileRegisters = 3;
    private const int DepthChunk = 256;

    /// <summary>Computes products[r, q] = Σ_p rows[r, p]·panel[p, q].</summary>
    /// <param name="rows">Shape [rowCount, stride], float32; rowCount a multiple of <see cref="TileRows"/>.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="depth">The dimension.</param>
    /// <param name="panel">Shape [depth, width], width = 3 registers.</param>
    /// <param name="products">Shape [rowCount, width].</param>
    public static void Multiply<TLane>(
        ReadOnlySpan<float> rows, int rowCount, int stride, int depth, ReadOnlySpan<float> panel, Span<float> products)
        where TLane : struct, ILane<TLane>
    {
        int width = TileRegisters * TLane.Count;
        for (int start = 0; start < depth; start += DepthChunk)
        {
            int length = Math.Min(DepthChunk, depth - start);
            ReadOnlySpan<float> chunk = panel.Slice(start * width, length * width);
            for (int row = 0; row < rowCount; row += TileRows)
            {
                MultiplyTile<TLane>(
                    rows.Slice((row * stride) + start, ((TileRows - 1) * stride) + length),
                    stride,
                    length,
                    chunk,
                    products.Slice(row * width, TileRows * width),
                    isFirst: start == 0);
            }
        }
    }

    /// <summary>Adds one chunk of depth to a tile. All spans have been sliced to what is read, so the references stay inside.</summary>
    private static void MultiplyTile<TLane>(
        ReadOnlySpan<float> rows, int stride, int length, ReadOnlySpan<float> chunk, Span<float> products, bool isFirst)
        where TLane : struct, ILane<TLane>
    {
        int lane = TLane.Count;
        ref readonly float row0 = ref rows[0];
        ref readonly float row1 = ref rows[stride];
        ref readonly float row2 = ref rows[2 * stride];
        ref readonly float row3 = ref rows[3 * stride];
        ref readonly float query = ref chunk[0];
        ref float product = ref products[0];
        TLane c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        if (isFirst)
        {
            c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = TLane.Zero;
        }
        else
        {
            c00 = TLane.Load(in product);
            c01 = TLane.Load(in Unsafe.Add(ref product, lane));
            c02 = TLane.Load(in Unsafe.Add(ref product, 2 * lane));
            c10 = TLane.Load(in Unsafe.Add(ref product, 3 * lane));
            c11 = TLane.Load(in Unsafe.Add(ref product, 4 * lane));
            c12 = TLane.Load(in Unsafe.Add(ref product, 5 * lane));
            c20 = TLane.Load(in Unsafe.Add(ref product, 6 * lane));
            c21 = TLane.Load(in Unsafe.Add(ref product, 7 * lane));
            c22 = TLane.Load(in Unsafe.Add(ref product, 8 * lane));
            c30 = TLane.Load(in Unsafe.Add(ref product, 9 * lane));
            c31 = TLane.Load(in Unsafe.Add(ref product, 10 * lane));
            c32 = TLane.Load(in Unsafe.Add(ref product, 11 * lane));
        }

        for (nint p = 0; p < length; p++)
        {
            TLane q0 = TLane.Load(in query);
            TLane q1 = TLane.Load(in Unsafe.Add(ref Unsafe.AsRef(in query), lane));
            TLane q2 = TLane.Load(in Unsafe.Add(ref Unsafe.AsRef(in query), 2 * lane));
            TLane value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row0), p));
            c00 = TLane.MultiplyAdd(value, q0, c00);
            c01 = TLane.MultiplyAdd(value, q1, c01);
            c02 = TLane.MultiplyAdd(value, q2, c02);
            value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row1), p));
            c10 = TLane.MultiplyAdd(value, q0, c10);
            c11 = TLane.MultiplyAdd(value, q1, c11);
            c12 = TLane.MultiplyAdd(value, q2, c12);
            value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row2), p));
            c20 = TLane.MultiplyAdd(value, q0, c20);
            c21 = TLane.MultiplyAdd(value, q1, c21);
            c22 = TLane.MultiplyAdd(value, q2, c22);
            value = TLane.Broadcast(Unsafe.Add(ref Unsafe.AsRef(in row3), p));
            c30 = TLane.MultiplyAdd(value, q0, c30);
            c31 = TLane.MultiplyAdd(value, q1, c31);
            c32 = TLane.MultiplyAdd(value, q2, c32);
            query = ref Unsafe.Add(ref Unsafe.AsRef(in query), 3 * lane);
        }

        TLane.Store(c00, ref product);
        TLane.Store(c01, ref Unsafe.Add(ref product, lane));
        TLane.Store(c02, ref Unsafe.Add(ref product, 2 * lane));
        TLane.Store(c10, ref Unsafe.Add(ref product, 3 * lane));
        TLane.Store(c11, ref Unsafe.Add(ref product, 4 * lane));
        TLane.Store(c12, ref Unsafe.Add(ref product, 5 * lane));
        TLane.Store(c20, ref Unsafe.Add(ref product, 6 * lane));
        TLane.Store(c21, ref Unsafe.Add(ref product, 7 * lane));
        TLane.Store(c22, ref Unsafe.Add(ref product, 8 * lane));
        TLane.Store(c30, ref Unsafe.Add(ref product, 9 * lane));
        TLane.Store(c31, ref Unsafe.Add(ref product, 10 * lane));
        TLane.Store(c32, ref Unsafe.Add(ref product, 11 * lane));
    }
}
