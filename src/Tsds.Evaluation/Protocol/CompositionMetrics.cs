using System.Numerics;
using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Metrics of a selection that do not depend on the targets: diversity, copies, leaks, mixture, length.
/// </summary>
internal static class CompositionMetrics
{
    /// <summary>
    /// The largest smaller side of a matrix whose eigenvalues are computed; larger sets are subsampled.
    /// </summary>
    private const int LargestGram = 512;

    /// <summary>The number of words in which distinct ones are counted, which are held in memory.</summary>
    private const long LargestText = 100_000;

    public static async Task<IReadOnlyList<MetricValue>> MeasureAsync(
        EvaluationContext context,
        SelectedRows selection,
        RowSet rows,
        RowSet heldOut,
        CancellationToken cancellationToken
    )
    {
        List<MetricValue> values = [];
        AddDiversity(values, context, rows);
        AddConcentration(values, selection);
        await AddCopiesAsync(values, context, rows, heldOut, cancellationToken).ConfigureAwait(false);
        if (rows.Texts is { } texts)
        {
            AddTexts(values, rows, texts, heldOut, context.Data.TestTexts);
            AddVariety(values, context, rows);
        }

        AddTokens(values, context.Data, selection);
        AddMixture(values, context.Data, selection);
        return values;
    }

    private static void AddDiversity(List<MetricValue> values, EvaluationContext context, RowSet rows)
    {
        int size = Math.Min(rows.Count, context.Random.Min(random => random.Count));
        size = Math.Min(size, rows.Vectors.Dimension <= LargestGram ? context.Options.LargestSample : LargestGram);
        double[] center = VendiScore.MeanOf(Take(context.Random[0]));
        (VendiScore Raw, VendiScore Centered) own = Measure(rows);
        (VendiScore Raw, VendiScore Centered) random = Measure(context.Random[0]);
        Add(values, "vendi", own.Raw.Order1, random.Raw.Order1);
        Add(values, "vendiOrder2", own.Raw.Order2, random.Raw.Order2);
        Add(values, "vendiOrderInfinity", own.Raw.OrderInfinity, random.Raw.OrderInfinity);
        Add(values, "vendiCentered", own.Centered.Order1, random.Centered.Order1);
        Add(values, "vendiToPool", own.Raw.Order1 / random.Raw.Order1, 1);
        Add(values, "pairwiseDistance", MeanDistance(rows), MeanDistance(context.Random[0]));

        (VendiScore, VendiScore) Measure(RowSet set)
        {
            EmbeddingMatrix sample = Take(set);
            return (VendiScore.Of(sample), VendiScore.Of(sample, center));
        }

        EmbeddingMatrix Take(RowSet set) => set.Vectors.Gather(set.Shuffle(context.Options.Seed, 0).AsSpan(0, size));

        double MeanDistance(RowSet set)
        {
            EmbeddingMatrix sample = set.Vectors.Gather(
                set.Shuffle(context.Options.Seed, 0).AsSpan(0, Math.Min(size, LargestGram))
            );
            return DistanceMatrix.Between(sample, sample, context.Options.ThreadCount).MeanOfPairs();
        }
    }

    private static void AddVariety(List<MetricValue> values, EvaluationContext context, RowSet rows)
    {
        RowSet random = context.Random[0];
        long words = Math.Min(LargestText, Math.Min(rows.WordCount, random.WordCount));
        TextVariety own = Measure(rows);
        TextVariety beside = Measure(random);
        Add(values, "distinctWordRate", own.Words, beside.Words);
        Add(values, "distinctWordPairRate", own.WordPairs, beside.WordPairs);

        TextVariety Measure(RowSet set) =>
            TextVariety.Of(set.Shuffle(context.Options.Seed, 0).Select(row => set.Texts![row]), words);
    }

    private static void AddConcentration(List<MetricValue> values, SelectedRows selection)
    {
        Concentration concentration = Concentration.Of(
            Array.ConvertAll(selection.Counts.ToArray(), count => (double)count)
        );
        Add(values, "distinctRows", concentration.Support);
        Add(values, "effectiveSampleSize", concentration.EffectiveSampleSize);
        Add(values, "perplexity", concentration.Perplexity);
    }

    private static async Task AddCopiesAsync(
        List<MetricValue> values,
        EvaluationContext context,
        RowSet rows,
        RowSet heldOut,
        CancellationToken cancellationToken
    )
    {
        double bandwidth = context.Options.Bandwidth;
        if (bandwidth == 0)
        {
            return;
        }

        int threads = context.Options.ThreadCount;
        EmbeddingMatrix drawn = rows.Vectors.Gather(rows.Shuffle(context.Options.Seed, 0));
        DuplicateGroups clusters = await DuplicateGroups
            .WithinAsync(drawn, bandwidth, threads, cancellationToken)
            .ConfigureAwait(false);
        Add(values, "nearDuplicateRate", clusters.DuplicateRate);
        Add(values, "redundancy", clusters.Redundancy);
        Add(values, "largestCluster", clusters.LargestCluster);
        double copies = await LeakRate
            .OfEmbeddingsAsync(drawn, heldOut.Vectors, bandwidth, threads, cancellationToken)
            .ConfigureAwait(false);
        Add(values, "heldOutCopyRate", copies);
        if (context.Data.Test is { } test)
        {
            double leaks = await LeakRate
                .OfEmbeddingsAsync(drawn, test, bandwidth, threads, cancellationToken)
                .ConfigureAwait(false);
            Add(values, "leakRate", leaks);
        }
    }

    private static void AddTexts(
        List<MetricValue> values,
        RowSet rows,
        IReadOnlyList<string> texts,
        RowSet heldOut,
        IReadOnlyList<string>? test
    )
    {
        Add(values, "words", rows.WordCount);
        Add(values, "wordsMedian", Statistics.Quantile([.. rows.Words.Select(words => (double)words.Length)], 0.5));
        Add(values, "wordsP95", Statistics.Quantile([.. rows.Words.Select(words => (double)words.Length)], 0.95));
        Add(values, "exactDuplicateRate", DuplicateGroups.OfKeys([.. texts.Select(LeakRate.Fold)]).DuplicateRate);
        MinHashIndex index = new();
        IEnumerable<(int, int)> pairs = texts.SelectMany((text, row) => index.Add(text).Select(other => (row, other)));
        Add(values, "overlapDuplicateRate", DuplicateGroups.OfPairs(texts.Count, pairs).DuplicateRate);
        (double byText, double byOverlap) = LeakRate.OfTexts(texts, heldOut.Texts!);
        Add(values, "heldOutTextRate", byText);
        Add(values, "heldOutOverlapRate", byOverlap);
        if (test is not null)
        {
            (byText, byOverlap) = LeakRate.OfTexts(texts, test);
            Add(values, "leakTextRate", byText);
            Add(values, "leakOverlapRate", byOverlap);
        }
    }

    private static void AddTokens(List<MetricValue> values, EvaluationData data, SelectedRows selection)
    {
        if (data is not { PoolTokens: { } tokens, PoolSupervisedTokens: { } supervised })
        {
            return;
        }

        double[] drawn = [.. Repeated(selection).Select(row => (double)tokens[row])];
        Add(values, "tokens", drawn.Sum());
        Add(values, "supervisedTokens", Repeated(selection).Sum(row => (double)supervised[row]));
        Add(values, "tokensMedian", Statistics.Quantile(drawn, 0.5));
        Add(values, "tokensP95", Statistics.Quantile(drawn, 0.95));
        Mixture lengths = Mixture.Of(Repeated(selection).Select(row => LengthOf(tokens[row])));
        Add(
            values,
            "lengthDivergenceToPool",
            lengths.DivergenceTo(Mixture.Of(tokens.Where((_, row) => !data.IsHidden(row)).Select(LengthOf)))
        );
    }

    private static void AddMixture(List<MetricValue> values, EvaluationData data, SelectedRows selection)
    {
        if (data.PoolSources is not { } sources)
        {
            return;
        }

        Mixture mixture = Mixture.Of(Repeated(selection).Select(row => sources[row]));
        Add(
            values,
            "mixtureDivergenceToPool",
            mixture.DivergenceTo(Mixture.Of(sources.Where((_, row) => !data.IsHidden(row))))
        );
        if (data.TargetSources is { } targetSources)
        {
            Add(values, "mixtureDivergenceToTargets", mixture.DivergenceTo(Mixture.Of(targetSources)));
        }
    }

    /// <summary>Returns the largest power of two that a number of tokens reaches, as a label.</summary>
    private static string LengthOf(long tokens) => tokens > 0 ? $"{BitOperations.Log2((ulong)tokens)}" : "none";

    /// <summary>Returns the rows, each as often as it was drawn.</summary>
    private static IEnumerable<int> Repeated(SelectedRows selection) =>
        selection
            .CandidateIds.ToArray()
            .SelectMany((row, i) => Enumerable.Repeat((int)row, checked((int)selection.Counts.Span[i])));

    private static void Add(List<MetricValue> values, string name, double value, double? random = null) =>
        values.Add(
            new MetricValue
            {
                Name = name,
                Better = MetricDirection.Neither,
                Value = value,
                Random = random,
            }
        );
}
