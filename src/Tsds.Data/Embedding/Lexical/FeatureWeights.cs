namespace Tsds.Data.Embedding.Lexical;

/// <summary>The features that count and their weights: TF-IDF fitted on a sample.</summary>
internal sealed class FeatureWeights
{
    private const int SmallSample = 1_000;

    private readonly int[] _columns = new int[1 << TextFeatures.BucketBits];
    private readonly int[] _buckets;
    private readonly float[] _inverseFrequencies;

    /// <summary>Initializes weights as they were fitted.</summary>
    /// <param name="buckets">The bucket of each feature that is kept, each once.</param>
    /// <param name="inverseFrequencies">The weight of each.</param>
    public FeatureWeights(int[] buckets, float[] inverseFrequencies)
    {
        _buckets = buckets;
        _inverseFrequencies = inverseFrequencies;
        Array.Fill(_columns, -1);
        for (int column = 0; column < buckets.Length; column++)
        {
            _columns[buckets[column]] = column;
        }
    }

    public int Count => _inverseFrequencies.Length;

    public ReadOnlySpan<int> Buckets => _buckets;

    public ReadOnlySpan<float> InverseFrequencies => _inverseFrequencies;

    /// <summary>
    /// Counts the texts in which each feature occurs, and keeps the features of at least two texts, the most frequent
    /// first.
    /// </summary>
    public static FeatureWeights Fit(IReadOnlyList<string> sample, int featureCount, int textLength)
    {
        int[] frequencies = new int[1 << TextFeatures.BucketBits];
        TextFeatures features = new();
        foreach (string text in sample)
        {
            features.Read(Bounded(text, textLength));
            foreach (int bucket in features.Counts.Keys)
            {
                frequencies[bucket]++;
            }
        }

        // A feature of a single text relates it to nothing; in a small sample it may be all that distinguishes two
        // texts apart.
        int fewest = sample.Count < SmallSample ? 1 : 2;
        int[] kept =
        [
            .. Enumerable
                .Range(0, frequencies.Length)
                .Where(bucket => frequencies[bucket] >= fewest)
                .OrderByDescending(bucket => frequencies[bucket])
                .ThenBy(bucket => bucket)
                .Take(featureCount),
        ];
        float[] inverse = new float[kept.Length];
        for (int column = 0; column < kept.Length; column++)
        {
            inverse[column] = (float)(Math.Log((1.0 + sample.Count) / (1.0 + frequencies[kept[column]])) + 1);
        }

        return new FeatureWeights(kept, inverse);
    }

    /// <summary>
    /// Returns the TF-IDF vector of a text, (1 + ln tf)·idf scaled to length 1, by ascending column; empty if the text
    /// has no known feature.
    /// </summary>
    public (int Column, float Value)[] Weigh(TextFeatures features)
    {
        List<(int Column, float Value)> weighted = new(features.Counts.Count);
        foreach ((int bucket, int count) in features.Counts)
        {
            int column = _columns[bucket];
            if (column >= 0)
            {
                weighted.Add((column, (float)(1 + Math.Log(count)) * _inverseFrequencies[column]));
            }
        }

        // A fixed order: the order of a dictionary is not guaranteed.
        weighted.Sort(static (a, b) => a.Column.CompareTo(b.Column));
        double normSquared = 0;
        foreach ((_, float value) in weighted)
        {
            normSquared += (double)value * value;
        }

        double scale = 1 / Math.Sqrt(normSquared);
        return [.. weighted.Select(feature => (feature.Column, (float)(feature.Value * scale)))];
    }

    public static ReadOnlySpan<char> Bounded(string text, int length) => text.AsSpan(0, Math.Min(text.Length, length));
}
