using System.Globalization;
using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>Checks a row and normalizes it in place; the one place where both happen, for candidates and targets alike.</summary>
internal static class RowNormalizer
{
    /// <summary>Norms beyond this, or below its inverse, would leave the range of float32 products.</summary>
    private const double LargestNorm = 1e18;

    /// <summary>Checks and normalizes.</summary>
    /// <param name="row">Changed in place.</param>
    /// <param name="normalization">What to do.</param>
    /// <returns>Null, or why the row is not usable: a sentence that follows the row's name.</returns>
    public static string? Apply(Span<float> row, Normalization normalization)
    {
        double norm = Math.Sqrt(DistanceKernels.NormSquared(row));
        if (!double.IsFinite(norm))
        {
            int column = 0;
            while (float.IsFinite(row[column]))
            {
                column++;
            }

            return $", column {column}: expected a finite number, found {(float.IsNaN(row[column]) ? "NaN" : "infinity")}; repair or remove the row.";
        }

        if (normalization == Normalization.None)
        {
            return norm > LargestNorm || (norm > 0 && norm < 1 / LargestNorm)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $": expected a norm between 1e-18 and 1e18, found {norm:G3}; scale the embeddings, or normalize them (l2).")
                : null;
        }

        if (norm == 0)
        {
            return ": expected a vector with a direction, found all zeros; remove the row, or use no normalization (none).";
        }

        double scale = 1 / norm;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (float)(row[i] * scale);
        }

        return null;
    }
}
