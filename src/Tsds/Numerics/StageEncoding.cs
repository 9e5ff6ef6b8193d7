using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>Encodes vectors as units of a precision.</summary>
/// <remarks>
/// Int16: x̂ = round(x / s) with the scale s = max(max|x_i| / 32767, ‖x‖ / 45000). Then |x̂_i| ≤ 32767, and since ‖x̂‖
/// ≤ 45000 + √n/2, the product of two such vectors, and by Cauchy-Schwarz each part of it, stays below 2³¹ for n up to
/// five million.
/// </remarks>
internal static class StageEncoding
{
    private const float LargestElement = short.MaxValue;
    private const float LargestNorm = 45_000;

    /// <summary>Returns the number of units of a vector.</summary>
    public static int UnitCount(ScanPrecision precision, int dimension) =>
        precision == ScanPrecision.Int16 ? (dimension + 1) / 2 : dimension;

    /// <summary>
    /// Returns the largest error of a computed product relative to ‖x‖‖q‖: γ_n for float32; products of integers are
    /// exact.
    /// </summary>
    public static double ProductError(ScanPrecision precision, int dimension) =>
        precision == ScanPrecision.Int16 ? 0 : CandidateScan.Gamma(dimension);

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

    /// <summary>Encodes a vector.</summary>
    /// <param name="precision">How.</param>
    /// <param name="values">x.</param>
    /// <param name="scale">s, at least what <see cref="Scale"/> returns.</param>
    /// <param name="units">Receives x̂; an odd element is padded with zero.</param>
    /// <returns>At least ‖x − s·x̂‖, less 2u‖x‖ that the caller adds.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Encode(ScanPrecision precision, ReadOnlySpan<float> values, float scale, Span<int> units)
    {
        if (precision == ScanPrecision.Float32)
        {
            MemoryMarshal.Cast<float, int>(values).CopyTo(units);
            return 0;
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
                Vector256<float> lower = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<float> upper = Vector256.LoadUnsafe(ref first, (nuint)(i + Vector256<float>.Count));
                Vector256<float> roundedLower = Vector256.Round(lower * inverses);
                Vector256<float> roundedUpper = Vector256.Round(upper * inverses);
                Vector256<float> lowerError = lower - (roundedLower * scales);
                Vector256<float> upperError = upper - (roundedUpper * scales);
                sums += (lowerError * lowerError) + (upperError * upperError);
                Vector256
                    .Narrow(Vector256.ConvertToInt32Native(roundedLower), Vector256.ConvertToInt32Native(roundedUpper))
                    .StoreUnsafe(ref destination, (nuint)i);
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
}
