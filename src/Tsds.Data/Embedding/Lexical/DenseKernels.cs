using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// Products of dense matrices that keep their sums in registers. Each element is a sum of its own, in one fixed order,
/// multiplied and added without fusing, so that the bits do not depend on the width of the registers.
/// </summary>
internal static class DenseKernels
{
    /// <summary>Rows of a tile.</summary>
    private const int TileRows = 4;

    /// <summary>Rows whose elements are turned to double at once.</summary>
    private const int ConvertedRows = 64;

    /// <summary>Gets the columns of a tile of float32.</summary>
    private static int TileColumns => 2 * Vector<float>.Count;

    /// <summary>Computes the sum of rows of a dense matrix, each times a value.</summary>
    /// <param name="terms">Which rows and the value of each.</param>
    /// <param name="dense">The matrix.</param>
    /// <param name="stride">The elements from one of its rows to the next.</param>
    /// <param name="sum">Receives the sum of the rows' first elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(
        ReadOnlySpan<(int Column, float Value)> terms,
        ReadOnlySpan<float> dense,
        int stride,
        Span<float> sum
    )
    {
        int width = Vector<float>.Count;
        int first = 0;
        for (; first + (8 * width) <= sum.Length; first += 8 * width)
        {
            CombineEight(terms, dense, stride, sum.Slice(first, 8 * width), first);
        }

        for (; first + width <= sum.Length; first += width)
        {
            Vector<float> total = Vector<float>.Zero;
            foreach ((int row, float value) in terms)
            {
                total += new Vector<float>(dense.Slice((row * stride) + first, width)) * new Vector<float>(value);
            }

            total.CopyTo(sum[first..]);
        }

        for (; first < sum.Length; first++)
        {
            float total = 0;
            foreach ((int row, float value) in terms)
            {
                total += dense[(row * stride) + first] * value;
            }

            sum[first] = total;
        }
    }

    /// <summary>Arranges a square matrix for <see cref="MultiplyInPlace"/>.</summary>
    /// <param name="right">Shape [width, width].</param>
    /// <param name="width">Its rows and columns.</param>
    /// <returns>Its columns in panels as wide as a tile, each by rows, padded with zeros.</returns>
    public static float[] Pack(ReadOnlySpan<float> right, int width)
    {
        int tile = TileColumns;
        int count = (width + tile - 1) / tile;
        float[] panels = new float[count * tile * width];
        for (int panel = 0; panel < count; panel++)
        {
            int columns = Math.Min(tile, width - (panel * tile));
            for (int i = 0; i < width; i++)
            {
                right.Slice((i * width) + (panel * tile), columns).CopyTo(panels.AsSpan(((panel * width) + i) * tile));
            }
        }

        return panels;
    }

    /// <summary>Replaces each row x by x·right.</summary>
    /// <param name="rows">Shape [rows, width].</param>
    /// <param name="width">The elements of a row.</param>
    /// <param name="panels">The right matrix, as <see cref="Pack"/> returns it.</param>
    public static void MultiplyInPlace(Span<float> rows, int width, ReadOnlySpan<float> panels)
    {
        int tile = TileColumns;
        float[] left = new float[TileRows * width];
        float[] product = new float[TileRows * tile];
        for (int first = 0; first < rows.Length; first += TileRows * width)
        {
            // The rows of an incomplete tile come from the one before; what they give is not used.
            Span<float> part = rows[first..Math.Min(rows.Length, first + (TileRows * width))];
            part.CopyTo(left);
            for (int column = 0; column < width; column += tile)
            {
                MultiplyTile(left, width, panels.Slice(column * width, tile * width), product);
                int columns = Math.Min(tile, width - column);
                for (int row = 0; row * width < part.Length; row++)
                {
                    product.AsSpan(row * tile, columns).CopyTo(part[((row * width) + column)..]);
                }
            }
        }
    }

    /// <summary>Computes XᵀX in double, summed from the first row to the last.</summary>
    /// <param name="rows">X, shape [rows, width].</param>
    /// <param name="width">The elements of a row.</param>
    /// <param name="result">Shape [width, width]; only what lies on and above the diagonal has to be right.</param>
    public static void Gram(ReadOnlySpan<float> rows, int width, Span<double> result)
    {
        int tile = 2 * Vector<double>.Count;
        int padded = (width + tile - 1) / tile * tile;

        // Arrays as large as these are not collected before a good many are garbage.
        double[] sums = ArrayPool<double>.Shared.Rent((width + TileRows) * padded);
        double[] converted = ArrayPool<double>.Shared.Rent(ConvertedRows * padded);
        Array.Clear(sums);
        Array.Clear(converted);
        int count = rows.Length / width;
        for (int first = 0; first < count; first += ConvertedRows)
        {
            int part = Math.Min(ConvertedRows, count - first);
            for (int row = 0; row < part; row++)
            {
                for (int i = 0; i < width; i++)
                {
                    converted[(row * padded) + i] = rows[((first + row) * width) + i];
                }
            }

            for (int i = 0; i < width; i += TileRows)
            {
                for (int j = i / tile * tile; j < width; j += tile)
                {
                    AddGramTile(converted.AsSpan(0, part * padded), padded, i, j, sums);
                }
            }
        }

        for (int i = 0; i < width; i++)
        {
            sums.AsSpan(i * padded, width).CopyTo(result[(i * width)..]);
        }

        ArrayPool<double>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(converted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineEight(
        ReadOnlySpan<(int Column, float Value)> terms,
        ReadOnlySpan<float> dense,
        int stride,
        Span<float> sum,
        int first
    )
    {
        nuint width = (nuint)Vector<float>.Count;
        Vector<float> s0 = default;
        Vector<float> s1 = default;
        Vector<float> s2 = default;
        Vector<float> s3 = default;
        Vector<float> s4 = default;
        Vector<float> s5 = default;
        Vector<float> s6 = default;
        Vector<float> s7 = default;
        foreach ((int row, float value) in terms)
        {
            ref float at = ref MemoryMarshal.GetReference(dense.Slice((row * stride) + first, sum.Length));
            Vector<float> factor = new(value);
            s0 += Vector.LoadUnsafe(ref at) * factor;
            s1 += Vector.LoadUnsafe(ref at, width) * factor;
            s2 += Vector.LoadUnsafe(ref at, 2 * width) * factor;
            s3 += Vector.LoadUnsafe(ref at, 3 * width) * factor;
            s4 += Vector.LoadUnsafe(ref at, 4 * width) * factor;
            s5 += Vector.LoadUnsafe(ref at, 5 * width) * factor;
            s6 += Vector.LoadUnsafe(ref at, 6 * width) * factor;
            s7 += Vector.LoadUnsafe(ref at, 7 * width) * factor;
        }

        ref float target = ref MemoryMarshal.GetReference(sum);
        s0.StoreUnsafe(ref target);
        s1.StoreUnsafe(ref target, width);
        s2.StoreUnsafe(ref target, 2 * width);
        s3.StoreUnsafe(ref target, 3 * width);
        s4.StoreUnsafe(ref target, 4 * width);
        s5.StoreUnsafe(ref target, 5 * width);
        s6.StoreUnsafe(ref target, 6 * width);
        s7.StoreUnsafe(ref target, 7 * width);
    }

    /// <summary>Computes a tile of a product: four rows with the columns of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(
        ReadOnlySpan<float> left,
        int width,
        ReadOnlySpan<float> panel,
        Span<float> product
    )
    {
        nuint half = (nuint)Vector<float>.Count;
        ref float a = ref MemoryMarshal.GetReference(left[..(TileRows * width)]);
        ref float b = ref MemoryMarshal.GetReference(panel[..(width * TileColumns)]);
        Vector<float> s00 = default;
        Vector<float> s01 = default;
        Vector<float> s10 = default;
        Vector<float> s11 = default;
        Vector<float> s20 = default;
        Vector<float> s21 = default;
        Vector<float> s30 = default;
        Vector<float> s31 = default;
        for (int i = 0; i < width; i++)
        {
            Vector<float> b0 = Vector.LoadUnsafe(ref b);
            Vector<float> b1 = Vector.LoadUnsafe(ref b, half);
            b = ref Unsafe.Add(ref b, 2 * (int)half);
            Vector<float> x = new(Unsafe.Add(ref a, i));
            s00 += b0 * x;
            s01 += b1 * x;
            x = new(Unsafe.Add(ref a, width + i));
            s10 += b0 * x;
            s11 += b1 * x;
            x = new(Unsafe.Add(ref a, (2 * width) + i));
            s20 += b0 * x;
            s21 += b1 * x;
            x = new(Unsafe.Add(ref a, (3 * width) + i));
            s30 += b0 * x;
            s31 += b1 * x;
        }

        ref float target = ref MemoryMarshal.GetReference(product[..(TileRows * TileColumns)]);
        s00.StoreUnsafe(ref target);
        s01.StoreUnsafe(ref target, half);
        s10.StoreUnsafe(ref target, 2 * half);
        s11.StoreUnsafe(ref target, 3 * half);
        s20.StoreUnsafe(ref target, 4 * half);
        s21.StoreUnsafe(ref target, 5 * half);
        s30.StoreUnsafe(ref target, 6 * half);
        s31.StoreUnsafe(ref target, 7 * half);
    }

    /// <summary>Adds rows to a tile of XᵀX: four columns of X with those of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGramTile(ReadOnlySpan<double> rows, int padded, int i, int j, Span<double> sums)
    {
        nuint half = (nuint)Vector<double>.Count;
        ref double sum = ref MemoryMarshal.GetReference(
            sums.Slice((i * padded) + j, ((TileRows - 1) * padded) + (2 * (int)half))
        );
        Vector<double> s00 = Vector.LoadUnsafe(ref sum);
        Vector<double> s01 = Vector.LoadUnsafe(ref sum, half);
        Vector<double> s10 = Vector.LoadUnsafe(ref sum, (nuint)padded);
        Vector<double> s11 = Vector.LoadUnsafe(ref sum, (nuint)padded + half);
        Vector<double> s20 = Vector.LoadUnsafe(ref sum, 2 * (nuint)padded);
        Vector<double> s21 = Vector.LoadUnsafe(ref sum, (2 * (nuint)padded) + half);
        Vector<double> s30 = Vector.LoadUnsafe(ref sum, 3 * (nuint)padded);
        Vector<double> s31 = Vector.LoadUnsafe(ref sum, (3 * (nuint)padded) + half);
        for (int start = 0; start < rows.Length; start += padded)
        {
            ReadOnlySpan<double> row = rows.Slice(start, padded);
            ref double b = ref MemoryMarshal.GetReference(row.Slice(j, 2 * (int)half));
            Vector<double> b0 = Vector.LoadUnsafe(ref b);
            Vector<double> b1 = Vector.LoadUnsafe(ref b, half);
            ref double a = ref MemoryMarshal.GetReference(row.Slice(i, TileRows));
            Vector<double> x = new(a);
            s00 += b0 * x;
            s01 += b1 * x;
            x = new(Unsafe.Add(ref a, 1));
            s10 += b0 * x;
            s11 += b1 * x;
            x = new(Unsafe.Add(ref a, 2));
            s20 += b0 * x;
            s21 += b1 * x;
            x = new(Unsafe.Add(ref a, 3));
            s30 += b0 * x;
            s31 += b1 * x;
        }

        s00.StoreUnsafe(ref sum);
        s01.StoreUnsafe(ref sum, half);
        s10.StoreUnsafe(ref sum, (nuint)padded);
        s11.StoreUnsafe(ref sum, (nuint)padded + half);
        s20.StoreUnsafe(ref sum, 2 * (nuint)padded);
        s21.StoreUnsafe(ref sum, (2 * (nuint)padded) + half);
        s30.StoreUnsafe(ref sum, 3 * (nuint)padded);
        s31.StoreUnsafe(ref sum, (3 * (nuint)padded) + half);
    }
}
