using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>Encodes embeddings as int8, a quarter of the size of float32, with one scale per row.</summary>
internal static class Int8Encoding
{
    /// <summary>
    /// Writes x̂ = round(x / s) with s = max|x_i| / 127, and returns the row's scale and error bound.
    /// </summary>
    /// <param name="values">x.</param>
    /// <param name="elements">Receives x̂.</param>
    /// <returns>The row, without a checksum.</returns>
    /// <remarks>
    /// A row of d such elements times a query in <see cref="StageEncoding"/>'s int16 stays below 2³¹: ‖x̂‖ ≤ 127·√d,
    /// and ‖q̂‖ ≤ 45000 + √d/2, so for d up to 130,000.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static QuantizedRow Encode(ReadOnlySpan<float> values, Span<sbyte> elements)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        float scale = largest / sbyte.MaxValue;
        if (scale == 0)
        {
            elements.Clear();
            return default;
        }

        float inverse = 1 / scale;
        double errorSquared = 0;
        long sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float nearest = Math.Clamp(MathF.Round(values[i] * inverse), sbyte.MinValue + 1, sbyte.MaxValue);
            double error = values[i] - ((double)scale * nearest);
            errorSquared += error * error;
            elements[i] = (sbyte)nearest;
            sum += (long)elements[i] * elements[i];
        }

        double errorBound = Math.Sqrt(errorSquared) * (1 + CandidateScan.UnitRoundoff);
        return new QuantizedRow(
            DistanceKernels.NormSquared(values),
            (double)scale * scale * sum,
            scale,
            CandidateScan.RoundUp(errorBound),
            0
        );
    }

    /// <summary>x̂·w, for bounds: the order of the sum is that of the processor.</summary>
    /// <param name="elements">x̂.</param>
    /// <param name="values">w.</param>
    /// <param name="largest">Receives a bound of Σ|x̂_i w_i|.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<sbyte> elements, ReadOnlySpan<float> values, out double largest)
    {
        int i = 0;
        double sum = 0;
        largest = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> sums = Vector256<double>.Zero;
            Vector256<double> magnitudes = Vector256<double>.Zero;
            ref sbyte first = ref MemoryMarshal.GetReference(elements);
            ref float second = ref MemoryMarshal.GetReference(values);
            for (; i <= elements.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            {
                Vector128<sbyte> bytes = Vector128.LoadUnsafe(ref first, (nuint)i);
                Vector256<short> shorts = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
                Vector256<int> low = Vector256.WidenLower(shorts);
                Vector256<int> high = Vector256.WidenUpper(shorts);
                for (int half = 0; half < 2; half++)
                {
                    Vector256<float> floats = Vector256.ConvertToSingle(half == 0 ? low : high);
                    Vector256<float> w = Vector256.LoadUnsafe(ref second, (nuint)(i + (half * Vector256<float>.Count)));
                    Vector256<double> lower = Vector256.WidenLower(floats) * Vector256.WidenLower(w);
                    Vector256<double> upper = Vector256.WidenUpper(floats) * Vector256.WidenUpper(w);
                    sums += lower + upper;
                    magnitudes += Vector256.Abs(lower) + Vector256.Abs(upper);
                }
            }

            sum = Vector256.Sum(sums);
            largest = Vector256.Sum(magnitudes);
        }

        for (; i < elements.Length; i++)
        {
            double product = (double)elements[i] * values[i];
            sum += product;
            largest += Math.Abs(product);
        }

        return sum;
    }
}
