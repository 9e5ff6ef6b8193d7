using Tsds.Tasks;
using Tsds.Transport;

namespace Tsds;

/// <summary>Estimates the memory of a selection in addition to its pool, before anything is read.</summary>
internal static class SelectionMemory
{
    /// <summary>The bytes of each candidate's cost, score and share of the targets, for each task.</summary>
    private const int BytesPerScore = 24;

    /// <summary>
    /// The ratio of the neighbors that are fetched to those that targets with nothing in common would need.
    /// </summary>
    private const int Overlap = 4;

    /// <summary>Estimates the memory in bytes.</summary>
    /// <param name="options">The selection.</param>
    /// <param name="candidateCount">N.</param>
    /// <param name="targetCount">M.</param>
    /// <param name="dimension">d.</param>
    /// <returns>The most that its parts need at one time.</returns>
    public static long Estimate(SelectionOptions options, long candidateCount, long targetCount, int dimension)
    {
        double pairs = (double)candidateCount * targetCount;
        double neighbors = Math.Min(
            pairs,
            Math.Max(
                LikelyNeighbors(options, candidateCount, targetCount),
                targetCount * (double)BandwidthEstimator.NeighborCount
            )
        );
        double candidates = Math.Min(candidateCount, neighbors);
        bool hasDensities = options is { Regularizer: Regularizer.Density, Bandwidth: not 0 };
        double points = hasDensities
            ? Math.Min(candidates, PlanMemory.PointsOfPass(options.MemoryLimit, dimension))
            : 0;
        double search =
            CandidatePool.EstimateMemory(targetCount, 0, dimension, options.ThreadCount)
            + PlanMemory.BytesOfSearch(options.MemoryLimit, neighbors);
        double kept = PlanMemory.Kept(neighbors, candidates) + (candidates * BytesPerScore * TaskCount(options));
        bool hasSample = options.Relevance > 0 || options.Center;
        double sample = hasSample ? EstimateSample(Math.Min(PoolSample.Size, candidateCount), dimension) : 0;
        double all = Math.Max(sample, kept + Math.Max(search, points * PlanMemory.BytesPerPoint(dimension)));
        return all < long.MaxValue ? (long)all : long.MaxValue;
    }

    /// <summary>
    /// Returns the bytes of the sample that centering and relevance are taken from: as it is, centered, twice as
    /// differences from a mean, and the densities of its rows.
    /// </summary>
    private static long EstimateSample(long rows, int dimension) =>
        rows * ((4L * sizeof(float) * dimension) + PlanMemory.BytesPerPoint(dimension));

    private static int TaskCount(SelectionOptions options) =>
        options.Relevance > 0 ? (options.TargetTasks?.Distinct().Count() ?? 1) : 0;

    /// <summary>Estimates the neighbors that will be fetched, of all targets.</summary>
    private static double LikelyNeighbors(SelectionOptions options, double candidates, double targets)
    {
        bool reachesAll =
            options is { Alpha: 0, EffectiveNeighbors: null, ExpectedDistinct: null }
            || options is { Regularizer: Regularizer.TotalVariation, Scale: null };
        double population = options
            is { DensityBase: DensityBase.Neighbors, Regularizer: Regularizer.Density, Bandwidth: not 0 }
            ? targets * NeighborReach.PopulationNeighborsOf((long)candidates)
            : 0;
        double wanted =
            reachesAll ? candidates * targets
            : options.EffectiveNeighbors is { } effective ? Math.Ceiling(effective) * targets
            : Spread(options.ExpectedDistinct ?? options.Budget, candidates);
        return Math.Max(population, wanted);
    }

    /// <summary>
    /// Returns the neighbors that targets all over a pool need in order to reach some of its rows between them: a
    /// neighbor more often meets a row that another target has, and the last rows take the longest.
    /// </summary>
    private static double Spread(double rows, double candidates)
    {
        double share = Math.Min(rows / candidates, 1 - (1 / Math.Max(2, candidates)));
        return Overlap * candidates * -Math.Log(1 - share);
    }
}
