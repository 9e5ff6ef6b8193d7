using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// Computes exact distances: double sums over float32 vectors, with the same bits for every instruction set.
/// </summary>
/// <remarks>
/// Element i goes to partial sum i mod 8; each one multiplies, rounds, and adds (never fused); the partial sums are
/// added as ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). The vector form holds sums 0–3 and 4–7 in two 256-bit registers.
/// </remarks>
internal static class DistanceKernels
{
    public const int LaneCount = 8;

    /// <summary>Returns Σ (x_i − y_i)² in double; exactly 0 if x equals y, NaN if an element is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return DistanceSquaredScalar(x, y);
        }

        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float second = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= x.Length - LaneCount; i += LaneCount)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref first, (nuint)i);
            Vector256<float> b = Vector256.LoadUnsafe(ref second, (nuint)i);
            Vector256<double> lowDifference = Vector256.WidenLower(a) - Vector256.WidenLower(b);
            Vector256<double> highDifference = Vector256.WidenUpper(a) - Vector256.WidenUpper(b);
            low += lowDifference * lowDifference;
            high += highDifference * highDifference;
        }

        Span<double> lanes = stackalloc double[LaneCount];
        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
        for (int lane = 0; i < x.Length; i++, lane++)
        {
            double difference = (double)x[i] - y[i];
            lanes[lane] += difference * difference;
        }

        return Reduce(lanes);
    }

    /// <summary>Returns the scalar definition of <see cref="DistanceSquared"/>.</summary>
    public static double DistanceSquaredScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Span<double> lanes = stackalloc double[LaneCount];
        lanes.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            double difference = (double)x[i] - y[i];
            lanes[i % LaneCount] += difference * difference;
        }

        return Reduce(lanes);
    }

    /// <summary>Returns Σ x_i² in double, in the same partial sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double NormSquared(ReadOnlySpan<float> x)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return NormSquaredScalar(x);
        }

        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - LaneCount; i += LaneCount)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref first, (nuint)i);
            Vector256<double> lower = Vector256.WidenLower(a);
            Vector256<double> upper = Vector256.WidenUpper(a);
            low += lower * lower;
            high += upper * upper;
        }

        Span<double> lanes = stackalloc double[LaneCount];
        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
        for (int lane = 0; i < x.Length; i++, lane++)
        {
            lanes[lane] += (double)x[i] * x[i];
        }

        return Reduce(lanes);
    }

    /// <summary>Returns the scalar definition of <see cref="NormSquared"/>.</summary>
    public static double NormSquaredScalar(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[LaneCount];
        lanes.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            lanes[i % LaneCount] += (double)x[i] * x[i];
        }

        return Reduce(lanes);
    }

    /// <summary>Returns Σ x_i² of each row.</summary>
    public static double[] NormsSquared(EmbeddingMatrix rows)
    {
        double[] normsSquared = new double[rows.Count];
        for (int row = 0; row < normsSquared.Length; row++)
        {
            normsSquared[row] = NormSquared(rows[row]);
        }

        return normsSquared;
    }

    /// <summary>
    /// Returns Σ x_i y_i in double, in the partial sums of <see cref="NormSquared"/>: bit for bit equal to it if y is
    /// x.
    /// </summary>
    /// <remarks>
    /// The product of two float32 is exact in double, so that fusing it with the addition changes nothing.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Span<double> lanes = stackalloc double[LaneCount];
        lanes.Clear();
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> low = Vector256<double>.Zero;
            Vector256<double> high = Vector256<double>.Zero;
            ref float first = ref MemoryMarshal.GetReference(x);
            ref float second = ref MemoryMarshal.GetReference(y);
            for (; i <= x.Length - LaneCount; i += LaneCount)
            {
                Vector256<float> a = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<float> b = Vector256.LoadUnsafe(ref second, (nuint)i);
                low = Vector256.MultiplyAddEstimate(Vector256.WidenLower(a), Vector256.WidenLower(b), low);
                high = Vector256.MultiplyAddEstimate(Vector256.WidenUpper(a), Vector256.WidenUpper(b), high);
            }

            low.CopyTo(lanes);
            high.CopyTo(lanes[4..]);
        }

        for (; i < x.Length; i++)
        {
            lanes[i % LaneCount] += (double)x[i] * y[i];
        }

        return Reduce(lanes);
    }

    /// <summary>
    /// Computes the dot products of one x, already converted to double, with four y at once: four sums that do not wait
    /// for one another.
    /// </summary>
    /// <param name="x">Length d.</param>
    /// <param name="rows">Some rows of length d.</param>
    /// <param name="y">The positions of four of them.</param>
    /// <param name="products">Receives the four products.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dot4(
        ReadOnlySpan<double> x,
        ReadOnlySpan<float> rows,
        ReadOnlySpan<int> y,
        Span<double> products
    )
    {
        ReadOnlySpan<float> y0 = rows.Slice(y[0] * x.Length, x.Length);
        ReadOnlySpan<float> y1 = rows.Slice(y[1] * x.Length, x.Length);
        ReadOnlySpan<float> y2 = rows.Slice(y[2] * x.Length, x.Length);
        ReadOnlySpan<float> y3 = rows.Slice(y[3] * x.Length, x.Length);
        Span<double> lanes = stackalloc double[4 * LaneCount];
        lanes.Clear();
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> low0 = default,
                low1 = default,
                low2 = default,
                low3 = default;
            Vector256<double> high0 = default,
                high1 = default,
                high2 = default,
                high3 = default;
            ref double first = ref MemoryMarshal.GetReference(x);
            for (; i <= x.Length - LaneCount; i += LaneCount)
            {
                Vector256<double> low = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<double> high = Vector256.LoadUnsafe(ref first, (nuint)(i + 4));
                Vector256<float> value = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(y0), (nuint)i);
                low0 = Vector256.MultiplyAddEstimate(low, Vector256.WidenLower(value), low0);
                high0 = Vector256.MultiplyAddEstimate(high, Vector256.WidenUpper(value), high0);
                value = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(y1), (nuint)i);
                low1 = Vector256.MultiplyAddEstimate(low, Vector256.WidenLower(value), low1);
                high1 = Vector256.MultiplyAddEstimate(high, Vector256.WidenUpper(value), high1);
                value = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(y2), (nuint)i);
                low2 = Vector256.MultiplyAddEstimate(low, Vector256.WidenLower(value), low2);
                high2 = Vector256.MultiplyAddEstimate(high, Vector256.WidenUpper(value), high2);
                value = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(y3), (nuint)i);
                low3 = Vector256.MultiplyAddEstimate(low, Vector256.WidenLower(value), low3);
                high3 = Vector256.MultiplyAddEstimate(high, Vector256.WidenUpper(value), high3);
            }

            low0.CopyTo(lanes);
            high0.CopyTo(lanes[4..]);
            low1.CopyTo(lanes[8..]);
            high1.CopyTo(lanes[12..]);
            low2.CopyTo(lanes[16..]);
            high2.CopyTo(lanes[20..]);
            low3.CopyTo(lanes[24..]);
            high3.CopyTo(lanes[28..]);
        }

        for (; i < x.Length; i++)
        {
            lanes[i % LaneCount] += x[i] * y0[i];
            lanes[LaneCount + (i % LaneCount)] += x[i] * y1[i];
            lanes[(2 * LaneCount) + (i % LaneCount)] += x[i] * y2[i];
            lanes[(3 * LaneCount) + (i % LaneCount)] += x[i] * y3[i];
        }

        for (int n = 0; n < 4; n++)
        {
            products[n] = Reduce(lanes.Slice(n * LaneCount, LaneCount));
        }
    }

    /// <summary>Converts values to double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> source, Span<double> destination)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float first = ref MemoryMarshal.GetReference(source);
            ref double to = ref MemoryMarshal.GetReference(destination);
            for (; i <= source.Length - LaneCount; i += LaneCount)
            {
                Vector256<float> values = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256.WidenLower(values).StoreUnsafe(ref to, (nuint)i);
                Vector256.WidenUpper(values).StoreUnsafe(ref to, (nuint)(i + 4));
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }

    public static double Reduce(ReadOnlySpan<double> lanes) =>
        (lanes[0] + lanes[4] + (lanes[2] + lanes[6])) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
}
