using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Tsds.Data.Embedding.Lexical;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>A linear map of ready-made vectors, as methods on gradient features put before the selection.</summary>
/// <param name="mean">What is subtracted first.</param>
/// <param name="columns">The map, shape [dimension, width].</param>
/// <param name="width">The length of the vectors that it gives.</param>
internal sealed class LinearMap(float[] mean, float[] columns, int width)
{
    /// <summary>The rows of the pool that its covariance is taken from.</summary>
    private const int SampleRows = 20_000;

    /// <summary>The ridge added to each variance, as a share of their mean: directions of noise stay small.</summary>
    private const double Ridge = 0.01;

    /// <summary>Creates the map that whitens: mapped rows of the pool have variance 1 in every direction.</summary>
    public static LinearMap Whiten(EmbeddingMatrix pool)
    {
        int dimension = pool.Dimension;
        long[] sample = HashSample.OfRange(pool.Count, SampleRows, 0);
        double[] sum = new double[dimension];
        foreach (long row in sample)
        {
            ReadOnlySpan<float> vector = pool[(int)row];
            for (int i = 0; i < dimension; i++)
            {
                sum[i] += vector[i];
            }
        }

        float[] mean = [.. sum.Select(value => (float)(value / sample.Length))];
        float[] centered = new float[sample.Length * dimension];
        for (int s = 0; s < sample.Length; s++)
        {
            for (int i = 0; i < dimension; i++)
            {
                centered[(s * dimension) + i] = pool[(int)sample[s]][i] - mean[i];
            }
        }

        double[] gram = new double[dimension * dimension];
        DenseKernels.Gram(centered, dimension, gram);
        Matrix<double> covariance = Matrix<double>.Build.Dense(
            dimension,
            dimension,
            (i, j) => gram[(Math.Min(i, j) * dimension) + Math.Max(i, j)] / sample.Length
        );
        Evd<double> eigen = covariance.Evd(Symmetricity.Symmetric);
        double ridge = Ridge * covariance.Trace() / dimension;
        float[] columns = new float[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
            {
                double variance = Math.Max(0, eigen.EigenValues[j].Real) + ridge;
                columns[(i * dimension) + j] = (float)(eigen.EigenVectors[i, j] / Math.Sqrt(variance));
            }
        }

        return new LinearMap(mean, columns, dimension);
    }

    /// <summary>Creates the projection on the leading right singular vectors of some targets.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="rank">How many vectors; as many as there are targets where these are fewer.</param>
    public static LinearMap Project(EmbeddingMatrix targets, int rank)
    {
        int width = Math.Min(rank, targets.Count);
        Svd<double> svd = Matrix<double>
            .Build.Dense(targets.Count, targets.Dimension, (row, i) => targets[row][i])
            .Svd();
        float[] columns = new float[targets.Dimension * width];
        for (int i = 0; i < targets.Dimension; i++)
        {
            for (int j = 0; j < width; j++)
            {
                columns[(i * width) + j] = (float)svd.VT[j, i];
            }
        }

        return new LinearMap(new float[targets.Dimension], columns, width);
    }

    /// <summary>Maps vectors, and scales them to length 1.</summary>
    public EmbeddingMatrix Of(EmbeddingMatrix vectors)
    {
        float[] values = new float[checked(vectors.Count * width)];
        Parallel.For(
            0,
            vectors.Count,
            row =>
            {
                ReadOnlySpan<float> vector = vectors[row];
                (int, float)[] terms = new (int, float)[vector.Length];
                for (int i = 0; i < terms.Length; i++)
                {
                    terms[i] = (i, vector[i] - mean[i]);
                }

                Span<float> mapped = values.AsSpan(row * width, width);
                DenseKernels.Combine(terms, columns, width, mapped);
                mapped[0] = mapped.ContainsAnyExcept(0f) ? mapped[0] : 1;
            }
        );
        return new EmbeddingMatrix(values, width).Normalize(Normalization.L2);
    }
}
