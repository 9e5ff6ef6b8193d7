using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tsds.Numerics;

namespace Tsds.Tasks;

/// <summary>
/// Products of a vector of doubles with one of float32, whose bits no instruction set changes: element i goes to lane i
/// mod 8, products are rounded and then added, never fused, lanes are added in a fixed order.
/// </summary>
internal static class SampleKernels
{
    private const int LaneCount = 8;

    /// <summary>Σ x_i y_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<float> y)
    {
        Span<double> lanes = stackalloc double[LaneCount];
        lanes.Clear();
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> low = Vector256<double>.Zero;
            Vector256<double> high = Vector256<double>.Zero;
            ref double first = ref MemoryMarshal.GetReference(x);
            ref float second = ref MemoryMarshal.GetReference(y);
            for (; i <= x.Length - LaneCount; i += LaneCount)
            {
                Vector256<float> values = Vector256.LoadUnsafe(ref second, (nuint)i);
                low += Vector256.LoadUnsafe(ref first, (nuint)i) * Vector256.WidenLower(values);
                high += Vector256.LoadUnsafe(ref first, (nuint)(i + 4)) * Vector256.WidenUpper(values);
            }

            low.CopyTo(lanes);
            high.CopyTo(lanes[4..]);
        }

        for (; i < x.Length; i++)
        {
            lanes[i % LaneCount] += x[i] * y[i];
        }

        return DistanceKernels.Reduce(lanes);
    }

    /// <summary>sum += y · scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> sum, ReadOnlySpan<float> y, double scale)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> scales = Vector256.Create(scale);
            ref double first = ref MemoryMarshal.GetReference(sum);
            ref float second = ref MemoryMarshal.GetReference(y);
            for (; i <= sum.Length - LaneCount; i += LaneCount)
            {
                Vector256<float> values = Vector256.LoadUnsafe(ref second, (nuint)i);
                (Vector256.LoadUnsafe(ref first, (nuint)i) + (Vector256.WidenLower(values) * scales)).StoreUnsafe(
                    ref first,
                    (nuint)i
                );
                (Vector256.LoadUnsafe(ref first, (nuint)(i + 4)) + (Vector256.WidenUpper(values) * scales)).StoreUnsafe(
                    ref first,
                    (nuint)(i + 4)
                );
            }
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += y[i] * scale;
        }
    }
}
