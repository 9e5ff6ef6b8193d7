using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>Encodes vectors as units of a precision.</summary>
/// <remarks>
/// Int16: x̂ = round(x / s) with the scale s = max(max|x_i| / 32767, ‖x‖ / 45000). Then |x̂_i| ≤ 32767, and since ‖x̂‖
/// ≤ 45000 + √n/2, the product of two such vectors, and by Cauchy-Schwarz each part of it, stays below 2³¹ for n up to
/// five million.
/// <para>
/// Int8: |x̂_i| ≤ 63, and of each chunk of 128 elements, those that one int16 of <see cref="Int8Arithmetic"/> sums, 64
/// at most, have a norm of at most 177 before rounding, so at most 177 + √64/2 = 181 after it, and 181² &lt; 2¹⁵.
/// </para>
/// </remarks>
internal static class StageEncoding
{
    private const float LargestElement = short.MaxValue;
    private const float LargestNorm = 45_000;
    private const float LargestNormOfSum = 177;
    private const int ChunkElements = 4 * Int8Arithmetic.StepsOfChunk;

    /// <summary>Returns the number of units of a vector.</summary>
    public static int UnitCount(ScanPrecision precision, int dimension) =>
        (dimension + ElementsOfUnit(precision) - 1) / ElementsOfUnit(precision);

    /// <summary>
    /// Returns the largest error of a computed product relative to ‖x‖‖q‖: γ_n for float32; products of integers are
    /// exact.
    /// </summary>
    public static double ProductError(ScanPrecision precision, int dimension) =>
        precision == ScanPrecision.Float32 ? CandidateScan.Gamma(dimension) : 0;

    /// <summary>
    /// Returns the largest ‖x − s·x̂‖ / ‖x‖ if each vector has its own scale: half a unit per element, with s at most
    /// slightly above ‖x‖ / 32767.
    /// </summary>
    public static double LargestRelativeError(ScanPrecision precision, int dimension) =>
        precision == ScanPrecision.Int16 ? 0.51 * Math.Sqrt(dimension) / LargestElement : 0;

    /// <summary>Returns ‖x̂‖² of int16 units.</summary>
    public static int NormSquared(ReadOnlySpan<int> units)
    {
        int i = 0;
        int sum = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            ref int first = ref MemoryMarshal.GetReference(units);
            for (; i <= units.Length - Vector256<int>.Count; i += Vector256<int>.Count)
            {
                Vector256<int> unit = Vector256.LoadUnsafe(ref first, (nuint)i);
                sums = Int16Arithmetic.MultiplyAdd(unit, unit, sums);
            }

            sum = Vector256.Sum(sums);
        }

        for (; i < units.Length; i++)
        {
            sum = Int16Arithmetic.MultiplyAdd(units[i], units[i], sum);
        }

        return sum;
    }

    /// <summary>
    /// Returns the scale that a vector requires. A shared scale must be the largest of those of its vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Scale(ScanPrecision precision, ReadOnlySpan<float> values)
    {
        if (precision == ScanPrecision.Float32)
        {
            return 1;
        }

        if (precision == ScanPrecision.Int8)
        {
            return ScaleOfInt8(values);
        }

        float largest = 0;
        float normSquared = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> largestLanes = Vector256<float>.Zero;
            Vector256<float> sums = Vector256<float>.Zero;
            ref float first = ref MemoryMarshal.GetReference(values);
            for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> value = Vector256.LoadUnsafe(ref first, (nuint)i);
                largestLanes = Vector256.MaxNative(largestLanes, Vector256.Abs(value));
                sums = Vector256.MultiplyAddEstimate(value, value, sums);
            }

            for (int lane = 0; lane < Vector256<float>.Count; lane++)
            {
                largest = Math.Max(largest, largestLanes[lane]);
            }

            normSquared = Vector256.Sum(sums);
        }

        for (; i < values.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(values[i]));
            normSquared += values[i] * values[i];
        }

        // The sum of squares may have lost a little to rounding.
        return 1.001f * Math.Max(largest / LargestElement, MathF.Sqrt(normSquared) / LargestNorm);
    }

    /// <summary>
    /// Packs a query's units behind the heads of their chunks, as the kernel of a precision wants them.
    /// </summary>
    /// <param name="precision">The units.</param>
    /// <param name="units">The query's.</param>
    /// <param name="panel">The panel, shape [<see cref="PackedUnitCount"/>, width].</param>
    /// <param name="width">Queries in the panel.</param>
    /// <param name="lane">The query's place.</param>
    public static void Pack(ScanPrecision precision, ReadOnlySpan<int> units, Span<int> panel, int width, int lane)
    {
        int to = lane;
        for (int p = 0; p < units.Length; p++)
        {
            if (precision == ScanPrecision.Int8 && p % Int8Arithmetic.StepsOfChunk == 0)
            {
                panel[to] = Int8Arithmetic.Head(units[p..Math.Min(units.Length, p + Int8Arithmetic.StepsOfChunk)]);
                to += width;
            }

            panel[to] = units[p];
            to += width;
        }
    }

    /// <summary>Returns the number of units of a packed query of so many.</summary>
    public static int PackedUnitCount(ScanPrecision precision, int unitCount) =>
        precision == ScanPrecision.Int8
            ? PanelKernel.PackedDepth(unitCount, Int8Arithmetic.StepsOfChunk, headUnits: 1)
            : unitCount;

    /// <summary>Encodes a vector.</summary>
    /// <param name="precision">How.</param>
    /// <param name="values">x.</param>
    /// <param name="scale">s, at least what <see cref="Scale"/> returns.</param>
    /// <param name="units">Receives x̂, the last unit padded with zeros.</param>
    /// <param name="zero">What stands for zero in int8: added to every element.</param>
    /// <returns>At least ‖x − s·x̂‖, less 2u‖x‖ that the caller adds.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Encode(
        ScanPrecision precision,
        ReadOnlySpan<float> values,
        float scale,
        Span<int> units,
        int zero = 0
    )
    {
        if (precision == ScanPrecision.Float32)
        {
            MemoryMarshal.Cast<float, int>(values).CopyTo(units);
            return 0;
        }

        if (precision == ScanPrecision.Int8)
        {
            return EncodeInt8(values, scale, MemoryMarshal.Cast<int, sbyte>(units), zero);
        }

        if (scale == 0)
        {
            units.Clear();
            return 0;
        }

        Span<short> rounded = MemoryMarshal.Cast<int, short>(units);
        rounded[^1] = 0;
        float inverse = 1 / scale;
        float errorSquared = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> scales = Vector256.Create(scale);
            Vector256<float> inverses = Vector256.Create(inverse);
            Vector256<float> sums = Vector256<float>.Zero;
            ref float first = ref MemoryMarshal.GetReference(values);
            ref short destination = ref MemoryMarshal.GetReference(rounded);
            for (; i <= values.Length - Vector256<short>.Count; i += Vector256<short>.Count)
            {
                Vector256<int> lower = Round(ref first, i, inverses, scales, ref sums);
                Vector256<int> upper = Round(ref first, i + 8, inverses, scales, ref sums);
                Vector256.Narrow(lower, upper).StoreUnsafe(ref destination, (nuint)i);
            }

            errorSquared = Vector256.Sum(sums);
        }

        for (; i < values.Length; i++)
        {
            float nearest = MathF.Round(values[i] * inverse);
            float error = values[i] - (nearest * scale);
            errorSquared += error * error;
            rounded[i] = (short)nearest;
        }

        return Math.Sqrt(errorSquared) * 1.001;
    }

    private static int ElementsOfUnit(ScanPrecision precision) =>
        precision switch
        {
            ScanPrecision.Int16 => 2,
            ScanPrecision.Int8 => 4,
            _ => 1,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ScaleOfInt8(ReadOnlySpan<float> values)
    {
        float largest = 0;
        float largestSum = 0;
        Span<float> lanes = stackalloc float[Vector256<float>.Count];
        for (int start = 0; start < values.Length; start += ChunkElements)
        {
            ReadOnlySpan<float> chunk = values[start..Math.Min(values.Length, start + ChunkElements)];
            Vector256<float> largestLanes = Vector256<float>.Zero;
            Vector256<float> sums = Vector256<float>.Zero;
            ref float first = ref MemoryMarshal.GetReference(chunk);
            int i = 0;
            for (; i <= chunk.Length - lanes.Length; i += lanes.Length)
            {
                Vector256<float> value = Vector256.LoadUnsafe(ref first, (nuint)i);
                largestLanes = Vector256.MaxNative(largestLanes, Vector256.Abs(value));
                sums = Vector256.MultiplyAddEstimate(value, value, sums);
            }

            sums.CopyTo(lanes);
            for (; i < chunk.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(chunk[i]));
                lanes[i % lanes.Length] += chunk[i] * chunk[i];
            }

            // Elements 0 and 1 of each four go to one sum, 2 and 3 to the other.
            largestSum = Math.Max(largestSum, lanes[0] + lanes[1] + lanes[4] + lanes[5]);
            largestSum = Math.Max(largestSum, lanes[2] + lanes[3] + lanes[6] + lanes[7]);
            largestLanes.CopyTo(lanes);
            foreach (float lane in lanes)
            {
                largest = Math.Max(largest, lane);
            }
        }

        return 1.001f * Math.Max(largest / Int8Arithmetic.RowZero, MathF.Sqrt(largestSum) / LargestNormOfSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double EncodeInt8(ReadOnlySpan<float> values, float scale, Span<sbyte> rounded, int zero)
    {
        rounded[^Math.Min(rounded.Length, 4)..].Fill((sbyte)zero);
        if (scale == 0)
        {
            rounded.Fill((sbyte)zero);
            return 0;
        }

        float inverse = 1 / scale;
        float errorSquared = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> scales = Vector256.Create(scale);
            Vector256<float> inverses = Vector256.Create(inverse);
            Vector256<sbyte> zeros = Vector256.Create((sbyte)zero);
            Vector256<float> sums = Vector256<float>.Zero;
            ref float first = ref MemoryMarshal.GetReference(values);
            ref sbyte destination = ref MemoryMarshal.GetReference(rounded);
            for (; i <= values.Length - Vector256<sbyte>.Count; i += Vector256<sbyte>.Count)
            {
                Vector256<int> part0 = Round(ref first, i, inverses, scales, ref sums);
                Vector256<int> part1 = Round(ref first, i + 8, inverses, scales, ref sums);
                Vector256<int> part2 = Round(ref first, i + 16, inverses, scales, ref sums);
                Vector256<int> part3 = Round(ref first, i + 24, inverses, scales, ref sums);
                Vector256<short> lower = Vector256.Narrow(part0, part1);
                Vector256<short> upper = Vector256.Narrow(part2, part3);
                (Vector256.Narrow(lower, upper) + zeros).StoreUnsafe(ref destination, (nuint)i);
            }

            errorSquared = Vector256.Sum(sums);
        }

        for (; i < values.Length; i++)
        {
            float nearest = MathF.Round(values[i] * inverse);
            float error = values[i] - (nearest * scale);
            errorSquared += error * error;
            rounded[i] = (sbyte)((int)nearest + zero);
        }

        return Math.Sqrt(errorSquared) * 1.001;
    }

    /// <summary>Rounds eight elements, and adds the squares of what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(
        ref float values,
        int start,
        Vector256<float> inverses,
        Vector256<float> scales,
        ref Vector256<float> sums
    )
    {
        Vector256<float> value = Vector256.LoadUnsafe(ref values, (nuint)start);
        Vector256<float> nearest = Vector256.Round(value * inverses);
        Vector256<float> error = value - (nearest * scales);
        sums += error * error;
        return Vector256.ConvertToInt32Native(nearest);
    }
}
