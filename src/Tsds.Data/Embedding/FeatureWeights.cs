namespace Tsds.Data.Embedding;

/// <summary>Which features count, and how much: TF-IDF fitted on a sample.</summary>
internal sealed class FeatureWeights
{
    private const int SmallSample = 1_000;

    private readonly int[] _columns;
    private readonly float[] _inverseFrequencies;

    private FeatureWeights(int[] columns, float[] inverseFrequencies)
    {
        _columns = columns;
        _inverseFrequencies = inverseFrequencies;
    }

    public int Count => _inverseFrequencies.Length;

    /// <summary>Counts in how many texts each feature occurs, and keeps those of at least two texts, the most frequent first.</summary>
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

        // A feature of one text alone relates it to nothing; in a small sample it may be all that tells two texts apart.
        int fewest = sample.Count < SmallSample ? 1 : 2;
        int[] kept =
        [
            .. Enumerable.Range(0, frequencies.Length)
                .Where(bucket => frequencies[bucket] >= fewest)
                .OrderByDescending(bucket => frequencies[bucket])
                .ThenBy(bucket => bucket)
                .Take(featureCount),
        ];
        int[] columns = new int[frequencies.Length];
        Array.Fill(columns, -1);
        float[] inverse = new float[kept.Length];
        for (int column = 0; column < kept.Length; column++)
        {
            columns[kept[column]] = column;
            inverse[column] = (float)(Math.Log((1.0 + sample.Count) / (1.0 + frequencies[kept[column]])) + 1);
        }

        return new FeatureWeights(columns, inverse);
    }

    /// <summary>The TF-IDF vector of a text, (1 + ln tf)·idf scaled to length 1, by ascending column; empty if it has no known feature.</summary>
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

        // A fixed order: the order of a dictionary is nobody's promise.
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
