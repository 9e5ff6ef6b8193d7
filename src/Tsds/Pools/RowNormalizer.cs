using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>
/// Checks a row and normalizes it in place. Candidates and targets are checked and normalized only here.
/// </summary>
internal static class RowNormalizer
{
    /// <summary>The largest norm; beyond it, or below its inverse, products would leave the range of float32.</summary>
    private const double LargestNorm = 1e18;

    /// <summary>Checks and normalizes a row; returns what is wrong with it, or null.</summary>
    /// <param name="row">Changed in place.</param>
    /// <param name="normalization">What to do.</param>
    /// <returns>Null, or why the row is not usable: a sentence that follows the row's name.</returns>
    public static string? Apply(Span<float> row, Normalization normalization)
    {
        double norm = Math.Sqrt(DistanceKernels.NormSquared(row));
        if (normalization == Normalization.None && double.IsFinite(norm))
        {
            return norm > LargestNorm || (norm > 0 && norm < 1 / LargestNorm)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $": expected a norm between 1e-18 and 1e18, found {norm:G3}; scale the embeddings, or "
                        + $"normalize them (l2)."
                )
                : null;
        }

        return norm == 0
            ? ": expected a vector with a direction, found all zeros; remove the row, or use no normalization (none)."
            : ScaleTo(row, norm, length: 1);
    }

    /// <summary>
    /// Checks a row that is a part of a combination and scales it to a length; returns what is wrong with it, or null.
    /// </summary>
    /// <param name="row">Changed in place.</param>
    /// <param name="length">Its norm from now on; positive.</param>
    /// <returns>Null, or why the row is not usable: a sentence that follows the row's name.</returns>
    public static string? ScaleTo(Span<float> row, double length)
    {
        double norm = Math.Sqrt(DistanceKernels.NormSquared(row));
        return norm == 0
            ? ": expected a vector with a direction, found all zeros; remove the row from every combined file."
            : ScaleTo(row, norm, length);
    }

    /// <summary>Moves a row to where a mean is the origin, and scales it to norm 1.</summary>
    /// <param name="row">Changed in place.</param>
    /// <param name="mean">The mean, of the same length.</param>
    /// <param name="least">The distance relative to the row's norm up to which the row lies on the mean, and becomes
    /// zeros.</param>
    public static void Center(Span<float> row, ReadOnlySpan<float> mean, double least)
    {
        double distanceSquared = DistanceKernels.DistanceSquared(row, mean);
        if (distanceSquared <= least * least * DistanceKernels.NormSquared(row))
        {
            row.Clear();
            return;
        }

        Scale(row, mean, 1 / Math.Sqrt(distanceSquared));
    }

    private static string? ScaleTo(Span<float> row, double norm, double length)
    {
        if (double.IsFinite(norm))
        {
            Scale(row, length / norm);
            return null;
        }

        int column = 0;
        while (float.IsFinite(row[column]))
        {
            column++;
        }

        return $", column {column}: expected a finite number, found "
            + $"{(float.IsNaN(row[column]) ? "NaN" : "infinity")}; repair or remove the row.";
    }

    /// <summary>
    /// Multiplies in double and rounds once, so that the bits are the same with and without vector instructions.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> row, double scale)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> scales = Vector256.Create(scale);
            ref float first = ref MemoryMarshal.GetReference(row);
            for (; i <= row.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> values = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256
                    .Narrow(Vector256.WidenLower(values) * scales, Vector256.WidenUpper(values) * scales)
                    .StoreUnsafe(ref first, (nuint)i);
            }
        }

        for (; i < row.Length; i++)
        {
            row[i] = (float)(row[i] * scale);
        }
    }

    /// <summary>Multiplies the differences from a mean, in double, and rounds once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> row, ReadOnlySpan<float> mean, double scale)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> scales = Vector256.Create(scale);
            ref float first = ref MemoryMarshal.GetReference(row);
            ref float origin = ref MemoryMarshal.GetReference(mean);
            for (; i <= row.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> values = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<float> means = Vector256.LoadUnsafe(ref origin, (nuint)i);
                Vector256
                    .Narrow(
                        (Vector256.WidenLower(values) - Vector256.WidenLower(means)) * scales,
                        (Vector256.WidenUpper(values) - Vector256.WidenUpper(means)) * scales
                    )
                    .StoreUnsafe(ref first, (nuint)i);
            }
        }

        for (; i < row.Length; i++)
        {
            row[i] = (float)(((double)row[i] - mean[i]) * scale);
        }
    }
}
