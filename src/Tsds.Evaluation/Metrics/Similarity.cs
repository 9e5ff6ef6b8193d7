using Tsds.Numerics;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The similarity of a vector to each of several others: s = ⟨x, q⟩, the cosine if both are normalized.
/// </summary>
/// <remarks>Each is the double sum of <see cref="DistanceKernels.Dot"/>: the same bits on any processor.</remarks>
internal static class Similarity
{
    private const int LargestOnStack = 1024;

    /// <summary>Returns the largest similarity, max_j ⟨x, q_j⟩.</summary>
    public static double Largest(ReadOnlySpan<float> x, EmbeddingMatrix others)
    {
        Span<double> similarities =
            others.Count <= LargestOnStack ? stackalloc double[others.Count] : new double[others.Count];
        Compute(x, others, similarities);
        double largest = double.NegativeInfinity;
        foreach (double similarity in similarities)
        {
            largest = Math.Max(largest, similarity);
        }

        return largest;
    }

    /// <summary>Computes the similarity of a vector to each of the others.</summary>
    /// <param name="x">Length d.</param>
    /// <param name="others">Shape [others, d].</param>
    /// <param name="similarities">Receives one for each of the others.</param>
    public static void Compute(ReadOnlySpan<float> x, EmbeddingMatrix others, Span<double> similarities)
    {
        Span<double> wide = x.Length <= LargestOnStack ? stackalloc double[x.Length] : new double[x.Length];
        DistanceKernels.Widen(x, wide);
        ReadOnlySpan<float> values = others.Values.Span;
        Span<int> four = stackalloc int[4];
        int other = 0;
        for (; other <= others.Count - 4; other += 4)
        {
            (four[0], four[1], four[2], four[3]) = (other, other + 1, other + 2, other + 3);
            DistanceKernels.Dot4(wide, values, four, similarities.Slice(other, 4));
        }

        for (; other < others.Count; other++)
        {
            similarities[other] = DistanceKernels.Dot(x, others[other]);
        }
    }
}
