using Tsds.Sampling;

namespace Tsds.Data.Sieving;

/// <summary>A linear model over hashed words and pairs of words: a higher score says that a text is more like those
/// that it learnt as relevant.</summary>
/// <remarks>
/// Logistic regression, x the features of a text divided by √n, so that length does not decide; learnt one text after
/// the other in a fixed order by AdaGrad (Duchi, Hazan and Singer 2011). The same examples give the same model, and the
/// same model and text the same score, on any machine and any number of threads.
/// </remarks>
internal sealed class LinearSieve
{
    private const int Epochs = 8;
    private const double LearningRate = 0.5;
    private const double Damping = 1e-2;
    private const ulong OrderStream = 1UL << 42;

    private readonly float[] _weights = new float[NgramFeatures.BucketCount];
    private double _bias;

    private LinearSieve() { }

    /// <summary>Gets an upper bound of the memory of a model while it learns, in bytes, its examples not
    /// counted.</summary>
    public static long LearningBytes => 2L * sizeof(float) * NgramFeatures.BucketCount;

    /// <summary>Learns a model.</summary>
    /// <param name="examples">The features of each text.</param>
    /// <param name="labels">How relevant each is, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The model. Relevant and other texts weigh the same in all, however few are relevant.</returns>
    public static LinearSieve Learn(
        IReadOnlyList<int[]> examples,
        IReadOnlyList<double> labels,
        CancellationToken cancellationToken = default
    )
    {
        LinearSieve sieve = new();
        float[] squares = new float[NgramFeatures.BucketCount];
        double relevant = labels.Sum();
        double positiveWeight = relevant > 0 ? labels.Count / (2 * relevant) : 1;
        double otherWeight = labels.Count / (2 * Math.Max(labels.Count - relevant, 1));
        double biasSquares = 0;
        CounterRandom random = new(0, OrderStream);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ulong[] keys = Array.ConvertAll(order, i => random.Bits((ulong)((epoch * (long)order.Length) + i)));
            Array.Sort(keys, order);
            foreach (int i in order)
            {
                int[] features = examples[i];
                double probability = 1 / (1 + Math.Exp(-sieve.Score(features)));
                double label = labels[i];
                double gradient =
                    ((1 - label) * otherWeight * probability) - (label * positiveWeight * (1 - probability));
                biasSquares += gradient * gradient;
                sieve._bias -= LearningRate * gradient / (Damping + Math.Sqrt(biasSquares));
                float step = (float)(gradient / Math.Sqrt(Math.Max(features.Length, 1)));
                foreach (int bucket in features)
                {
                    float square = squares[bucket] += step * step;
                    sieve._weights[bucket] -= (float)LearningRate * step / ((float)Damping + MathF.Sqrt(square));
                }
            }
        }

        return sieve;
    }

    /// <summary>Returns the score of a text.</summary>
    /// <param name="features">Its features, as <see cref="NgramFeatures.Read"/> writes them.</param>
    public float Score(ReadOnlySpan<int> features)
    {
        double sum = 0;
        foreach (int bucket in features)
        {
            sum += _weights[bucket];
        }

        return (float)(_bias + (sum / Math.Sqrt(Math.Max(features.Length, 1))));
    }

    /// <summary>Returns the score of a text.</summary>
    /// <param name="text">The text.</param>
    public float Score(string text)
    {
        Span<int> buckets = stackalloc int[NgramFeatures.Most];
        return Score(buckets[..NgramFeatures.Read(text, buckets)]);
    }
}
