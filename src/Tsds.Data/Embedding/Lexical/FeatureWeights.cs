namespace Tsds.Data.Embedding.Lexical;

/// <summary>The features that count and their weights: TF-IDF fitted on a sample.</summary>
internal sealed class FeatureWeights
{
    private const int SmallSample = 1_000;

    private static readonly float[] SmallCounts =
    [
        .. Enumerable.Range(0, 256).Select(count => (float)(1 + Math.Log(count))),
    ];

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
    public static FeatureWeights Fit(IReadOnlyList<string> sample, int featureCount, int textLength) =>
        Fit(TextFeatures.ReadAll(sample, textLength, new ParallelOptions()), featureCount);

    /// <summary>Fits the weights to texts whose features have been read.</summary>
    public static FeatureWeights Fit(IReadOnlyList<FeatureCount[]> sample, int featureCount)
    {
        int[] frequencies = new int[1 << TextFeatures.BucketBits];
        foreach (FeatureCount[] text in sample)
        {
            foreach (FeatureCount feature in text)
            {
                frequencies[feature.Bucket]++;
            }
        }

        // A feature of a single text relates it to nothing; in a small sample it may be all that distinguishes two
        // texts apart.
        int fewest = sample.Count < SmallSample ? 1 : 2;
        List<long> keys = [];
        for (int bucket = 0; bucket < frequencies.Length; bucket++)
        {
            if (frequencies[bucket] >= fewest)
            {
                // The most frequent first, then by bucket.
                keys.Add(((long)(int.MaxValue - frequencies[bucket]) << 32) | (uint)bucket);
            }
        }

        keys.Sort();
        int[] kept = [.. keys.Take(featureCount).Select(key => (int)(uint)key)];
        float[] inverse = new float[kept.Length];
        for (int column = 0; column < kept.Length; column++)
        {
            inverse[column] = (float)(Math.Log((1.0 + sample.Count) / (1.0 + frequencies[kept[column]])) + 1);
        }

        return new FeatureWeights(kept, inverse);
    }

    /// <summary>Counts the features of a text that are kept.</summary>
    public int CountKnown(ReadOnlySpan<FeatureCount> features)
    {
        int known = 0;
        foreach (FeatureCount feature in features)
        {
            known += _columns[feature.Bucket] >= 0 ? 1 : 0;
        }

        return known;
    }

    /// <summary>
    /// Returns the TF-IDF vector of a text, (1 + ln tf)·idf scaled to length 1, by ascending column; empty if the text
    /// has no known feature.
    /// </summary>
    public (int Column, float Value)[] Weigh(TextFeatures features) => Weigh(features.Counts);

    /// <summary>Returns the TF-IDF vector of a text whose features have been read.</summary>
    public (int Column, float Value)[] Weigh(ReadOnlySpan<FeatureCount> features)
    {
        (int Column, float Value)[] weighted = new (int, float)[CountKnown(features)];
        Weigh(features, weighted);
        return weighted;
    }

    /// <summary>Writes the TF-IDF vector of a text whose features have been read.</summary>
    /// <param name="features">The features.</param>
    /// <param name="weighted">As long as <see cref="CountKnown"/> says.</param>
    public void Weigh(ReadOnlySpan<FeatureCount> features, Span<(int Column, float Value)> weighted)
    {
        const int Few = 1_024;
        Span<long> keys = features.Length <= Few ? stackalloc long[Few] : new long[features.Length];
        int known = 0;
        foreach (FeatureCount feature in features)
        {
            int column = _columns[feature.Bucket];
            if (column >= 0)
            {
                keys[known++] = ((long)column << 32) | (uint)feature.Count;
            }
        }

        // A fixed order, whatever the one of the text.
        keys = keys[..known];
        keys.Sort();
        double normSquared = 0;
        for (int i = 0; i < known; i++)
        {
            int column = (int)(keys[i] >> 32);
            float value = Damped((int)(uint)keys[i]) * _inverseFrequencies[column];
            weighted[i] = (column, value);
            normSquared += (double)value * value;
        }

        double scale = 1 / Math.Sqrt(normSquared);
        foreach (ref (int Column, float Value) feature in weighted)
        {
            feature.Value = (float)(feature.Value * scale);
        }
    }

    /// <summary>Returns 1 + ln count.</summary>
    private static float Damped(int count) =>
        count < SmallCounts.Length ? SmallCounts[count] : (float)(1 + Math.Log(count));

    public static ReadOnlySpan<char> Bounded(string text, int length) => text.AsSpan(0, Math.Min(text.Length, length));
}
