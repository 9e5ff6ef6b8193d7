namespace Tsds.Benchmarks;

/// <summary>
/// Unit vectors scattered around centers of unequal sizes, one in ten a near-copy of the one before; the same on every
/// run.
/// </summary>
internal static class ClusteredVectors
{
    private const int Centers = 500;
    private const float Width = 0.8f;
    private const float CopyWidth = 0.05f;

    /// <summary>Creates a pool: shape [count, dimension].</summary>
    public static EmbeddingMatrix CreatePool(int count, int dimension) =>
        Create(count, dimension, seed: 1, hasCopies: true, reach: Centers);

    /// <summary>Creates targets around the four largest centers: shape [count, dimension].</summary>
    public static EmbeddingMatrix CreateTargets(int count, int dimension) =>
        Create(count, dimension, seed: 2, hasCopies: false, reach: 4);

    private static EmbeddingMatrix Create(int count, int dimension, int seed, bool hasCopies, int reach)
    {
        float[] centers = new float[Centers * dimension];
        Random centerRandom = new(0);
        foreach (ref float value in centers.AsSpan())
        {
            value = Normal(centerRandom);
        }

        float[] values = new float[count * dimension];
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            Span<float> row = values.AsSpan(i * dimension, dimension);
            bool isCopy = hasCopies && i % 10 == 9;

            // The square makes the first centers large and the last small.
            double share = random.NextDouble();
            int center = (int)(share * share * reach);
            ReadOnlySpan<float> origin = isCopy
                ? values.AsSpan((i - 1) * dimension, dimension)
                : centers.AsSpan(center * dimension, dimension);
            float width = isCopy ? CopyWidth : Width;
            for (int p = 0; p < dimension; p++)
            {
                row[p] = origin[p] + (width * Normal(random));
            }
        }

        return new EmbeddingMatrix(values, dimension).Normalize(Normalization.L2);
    }

    // The sum of four uniform numbers is close enough to a normal one.
    private static float Normal(Random random) =>
        (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2) * MathF.Sqrt(3);
}
