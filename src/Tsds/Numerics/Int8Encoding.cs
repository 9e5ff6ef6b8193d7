using System.Runtime.CompilerServices;

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
}
