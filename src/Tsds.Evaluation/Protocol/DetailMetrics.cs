using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// The slow metrics: Sinkhorn divergence, sliced W1, two-sample test, neighborhood overlap. They are computed on the
/// targets as they are, not on resamples.
/// </summary>
internal sealed class DetailMetrics(ulong seed) : IHeldOutMetrics
{
    /// <summary>
    /// The largest number of rows, and of targets, of a Sinkhorn divergence; each of its rounds costs their product.
    /// </summary>
    private const int LargestSinkhorn = 200;

    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; } =
    [
        ("sinkhornDivergence", MetricDirection.Smaller),
        ("sinkhornConverged", MetricDirection.Neither),
        ("slicedWasserstein", MetricDirection.Smaller),
        ("classifierAccuracy", MetricDirection.Smaller),
        ("classifierAreaUnderCurve", MetricDirection.Smaller),
        ("neighborhoodCoverage", MetricDirection.Larger),
        ("neighborhoodDensity", MetricDirection.Neither),
        ("precision", MetricDirection.Larger),
        ("recall", MetricDirection.Larger),
    ];

    public bool CountsWords => false;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        HeldOutTargets targets = rows.Targets;
        EmbeddingMatrix heldOut = targets.Rows.Vectors;
        SinkhornDivergence sinkhorn = SinkhornOf(rows.Vectors, heldOut, rows.ThreadCount);
        ClassifierTwoSampleTest test = ClassifierTwoSampleTest.Of(rows.Vectors, heldOut, seed);
        NeighborhoodOverlap? overlap =
            rows.RowCount > 1 && targets.Count > 1
                ? NeighborhoodOverlap.Of(rows.Within, rows.Between, targets.Within)
                : null;
        double[] values =
        [
            sinkhorn.Value,
            sinkhorn.HasConverged ? 1 : 0,
            SlicedWasserstein.Of(rows.Vectors, heldOut, seed, rows.ThreadCount),
            test.Accuracy,
            test.AreaUnderCurve,
            overlap?.Coverage ?? double.NaN,
            overlap?.Density ?? double.NaN,
            overlap?.Precision ?? double.NaN,
            overlap?.Recall ?? double.NaN,
        ];
        return [.. values.Select(value => new Func<int, double>(_ => value))];
    }

    private static SinkhornDivergence SinkhornOf(EmbeddingMatrix rows, EmbeddingMatrix targets, int threadCount)
    {
        // Rows are in random order; targets are sampled at even steps.
        EmbeddingMatrix first = rows.Gather([.. Enumerable.Range(0, Math.Min(LargestSinkhorn, rows.Count))]);
        int count = Math.Min(LargestSinkhorn, targets.Count);
        EmbeddingMatrix second = targets.Gather([
            .. Enumerable.Range(0, count).Select(i => (int)((long)i * targets.Count / count)),
        ]);
        return SinkhornDivergence.Of(
            DistanceMatrix.Between(first, second, threadCount),
            DistanceMatrix.Between(first, first, threadCount),
            DistanceMatrix.Between(second, second, threadCount)
        );
    }
}
