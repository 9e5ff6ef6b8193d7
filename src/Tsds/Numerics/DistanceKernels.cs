using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>Exact distances: double sums over float32 vectors whose bits no instruction set changes.</summary>
/// <remarks>
/// Element i goes to lane i mod 8; each lane multiplies, rounds, and adds (never fused); the lanes are added as
/// ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). The vector form holds lanes 0–3 and 4–7 in two 256-bit registers.
/// </remarks>
internal static class DistanceKernels
{
    private const int LaneCount = 8;

    /// <summary>Σ (x_i − y_i)² in double; 0 exactly when x equals y, NaN where an element is NaN.</summary>
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

    /// <summary>The definition of <see cref="DistanceSquared"/>.</summary>
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

    /// <summary>Σ x_i² in double, by the same lanes.</summary>
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

    /// <summary>The definition of <see cref="NormSquared"/>.</summary>
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

    private static double Reduce(ReadOnlySpan<double> lanes) =>
        (lanes[0] + lanes[4] + (lanes[2] + lanes[6])) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
}
