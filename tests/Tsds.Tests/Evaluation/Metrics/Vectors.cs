namespace Tsds.Tests.Evaluation.Metrics;

/// <summary>Vectors for tests.</summary>
internal static class Vectors
{
    /// <summary>Gaussian directions of length 1, around a point on the first axis.</summary>
    public static EmbeddingMatrix Random(int count, int dimension, int seed, double shift = 0)
    {
        Random random = new(seed);
        float[] values = new float[count * dimension];
        for (int i = 0; i < values.Length; i++)
        {
            double gauss =
                Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(gauss + (i % dimension == 0 ? shift : 0));
        }

        return new EmbeddingMatrix(values, dimension).Normalize(Normalization.L2);
    }

    /// <summary>Points as they are.</summary>
    public static EmbeddingMatrix Of(int dimension, params float[] values) => new(values, dimension);
}
