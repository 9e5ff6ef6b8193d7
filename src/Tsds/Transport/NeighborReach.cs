using System.Globalization;

namespace Tsds.Transport;

/// <summary>
/// The part of the pool that the solver has fetched: a prefix of each target's neighbors and their densities, extended
/// on demand, never truncated.
/// </summary>
internal sealed class NeighborReach
{
    /// <summary>The number of neighbors of each target that make up the population of the published code.</summary>
    private const int PopulationNeighbors = 5_000;
    private const int PopulationShare = 10;

    private readonly ICandidatePool _pool;
    private readonly TargetSearch _search;
    private readonly long? _memoryLimit;
    private readonly IProgress<SelectionProgress>? _progress;
    private readonly TargetNeighbors[] _rows;
    private double _bandwidth;
    private ReadOnlyMemory<long>? _population;

    public NeighborReach(
        TargetSearch search,
        double[] targetWeights,
        long? memoryLimit,
        IProgress<SelectionProgress>? progress,
        int? threadCount = null
    )
    {
        Loop = new TargetLoop(threadCount);
        Candidates = new CandidateTable(search.Pool.Count == 0 ? 0 : search.Pool.IdAt(search.Pool.Count - 1) + 1);
        _pool = search.Pool;
        _search = search;
        _memoryLimit = memoryLimit;
        _progress = progress;
        TargetWeights = targetWeights;
        _rows = new TargetNeighbors[search.Count];
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] = new TargetNeighbors(Candidates);
        }
    }

    /// <summary>Gets μ: one positive weight per target, summing to 1.</summary>
    public double[] TargetWeights { get; }

    public ReadOnlySpan<TargetNeighbors> Rows => _rows;

    public int RowCount => _rows.Length;

    /// <summary>Gets the way to loop over rows.</summary>
    public TargetLoop Loop { get; }

    public CandidateTable Candidates { get; }

    public long CandidateCount => _pool.Count;

    /// <summary>
    /// Returns the number of nearest candidates of each target that make up the population of
    /// <see cref="DensityBase.Neighbors"/>.
    /// </summary>
    public static int PopulationNeighborsOf(long candidateCount) =>
        (int)Math.Clamp(candidateCount / PopulationShare, 1, PopulationNeighbors);

    /// <summary>
    /// Sets the bandwidth, once, before the first weight is requested; 0 gives every candidate the weight 1.
    /// </summary>
    public void UseBandwidth(double bandwidth) => _bandwidth = bandwidth;

    /// <summary>
    /// Restricts later density sums to the candidates near the targets: the union of each target's min(5,000, N/10)
    /// nearest.
    /// </summary>
    public async ValueTask UseNeighborsAsPopulationAsync(CancellationToken cancellationToken)
    {
        int count = PopulationNeighborsOf(_pool.Count);
        long[] counts = new long[_rows.Length];
        Array.Fill(counts, count);
        await FetchAsync(counts, cancellationToken).ConfigureAwait(false);
        bool[] isNear = new bool[Candidates.Count];
        foreach (TargetNeighbors row in _rows)
        {
            foreach (int index in row.CandidateIndexes.AsSpan(0, count))
            {
                isNear[index] = true;
            }
        }

        List<long> population = [];
        for (int index = 0; index < isNear.Length; index++)
        {
            if (isNear[index])
            {
                population.Add(Candidates.CandidateIds[index]);
            }
        }

        population.Sort();
        _population = population.ToArray();
    }

    public bool IsComplete(int row) => _rows[row].KnownCount == _pool.Count;

    /// <summary>Ensures that each row holds at least its number of neighbors, or the whole pool.</summary>
    /// <param name="counts">The neighbors wanted, by row.</param>
    /// <param name="cancellationToken">Stops the passes.</param>
    public async ValueTask FetchAsync(long[] counts, CancellationToken cancellationToken)
    {
        List<int> wanting = [];
        long wanted = 0;
        for (int i = 0; i < _rows.Length; i++)
        {
            if (_rows[i].FetchedCount < Math.Min(counts[i], _pool.Count))
            {
                wanting.Add(i);
                wanted = Math.Max(wanted, counts[i]);
            }
        }

        if (wanting.Count == 0)
        {
            return;
        }

        // One length for all the rows of a pass; at least twice what they had, so that passes stay few.
        foreach (int row in wanting)
        {
            wanted = Math.Max(wanted, 2L * _rows[row].FetchedCount);
        }

        int k = CheckedNeighborCount(Math.Min(wanted, _pool.Count), wanting);

        // A search over part of the rows at a time, where one over all would not fit: as many passes more, the same
        // neighbors.
        long found = _pool is FilteredPool filtered ? filtered.FetchedFor(k) : k;
        int batch = PlanMemory.TargetsOfSearch(_memoryLimit, found, wanting.Count);
        for (int first = 0; first < wanting.Count; first += batch)
        {
            await FetchBatchAsync(wanting.GetRange(first, Math.Min(batch, wanting.Count - first)), k, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Ensures that the weights of each row's first neighbors are known.</summary>
    /// <param name="counts">The neighbors wanted, by row; clipped to the pool.</param>
    /// <param name="cancellationToken">Stops the passes.</param>
    public async ValueTask EnsureWeightsAsync(long[] counts, CancellationToken cancellationToken)
    {
        await FetchAsync(counts, cancellationToken).ConfigureAwait(false);
        await EvaluateAsync(counts, cancellationToken).ConfigureAwait(false);
        Loop.Run(_rows.Length, i => _rows[i].ExtendPrefixSums((int)Math.Min(counts[i], _rows[i].FetchedCount)));
    }

    private async ValueTask FetchBatchAsync(List<int> wanting, int k, CancellationToken cancellationToken)
    {
        NeighborTable table = await _search
            .FindNearestAsync(wanting, k, Report(SelectionStage.Neighbors), cancellationToken)
            .ConfigureAwait(false);
        int[] held = new int[wanting.Count];
        Loop.Run(
            wanting.Count,
            q =>
            {
                ReadOnlySpan<double> distancesSquared = table.DistancesSquared(q);
                double[] distances = new double[k];
                for (int n = 0; n < k; n++)
                {
                    distances[n] = Math.Sqrt(distancesSquared[n]);
                }

                TargetNeighbors row = _rows[wanting[q]];
                held[q] = row.FetchedCount;
                int[] indexes = new int[k];
                row.CandidateIndexes.CopyTo(indexes, 0);
                row.Replace(indexes, distances);
            }
        );

        // One row after the other, so that the candidates always get the same numbers.
        for (int q = 0; q < held.Length; q++)
        {
            Candidates.IndexesOf(table.CandidateIds(q)[held[q]..], _rows[wanting[q]].CandidateIndexes.AsSpan(held[q]));
        }
    }

    private async ValueTask EvaluateAsync(long[] counts, CancellationToken cancellationToken)
    {
        List<int> missing = FindMissing(counts);
        if (_bandwidth == 0)
        {
            foreach (int index in missing)
            {
                Candidates.SetUniform(index);
            }

            return;
        }

        foreach (int[] batch in missing.Chunk(PlanMemory.PointsOfPass(_memoryLimit, _pool.Dimension)))
        {
            long[] candidateIds = Array.ConvertAll(batch, index => Candidates.CandidateIds[index]);
            EmbeddingMatrix points = await _pool
                .ReadEmbeddingsAsync(candidateIds, cancellationToken)
                .ConfigureAwait(false);
            double[] densities = await _pool
                .EstimateDensitiesAsync(
                    points,
                    _bandwidth,
                    _population,
                    Report(SelectionStage.Densities),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int p = 0; p < batch.Length; p++)
            {
                // A point outside of the population still counts itself.
                bool isOutside = _population is { } population && population.Span.BinarySearch(candidateIds[p]) < 0;
                Candidates.SetDensity(batch[p], isOutside ? densities[p] + 1 : densities[p]);
            }
        }
    }

    /// <summary>
    /// Returns the candidates among each row's first neighbors whose weight is not known, ascending by index.
    /// </summary>
    private List<int> FindMissing(long[] counts)
    {
        // Rows on different threads may mark the same candidate: all of them write the same value.
        bool[] isMissing = new bool[Candidates.Count];
        Loop.Run(
            _rows.Length,
            i =>
            {
                TargetNeighbors row = _rows[i];
                for (int k = row.KnownCount; k < Math.Min(counts[i], row.FetchedCount); k++)
                {
                    isMissing[row.CandidateIndexes[k]] |= !Candidates.IsKnown(row.CandidateIndexes[k]);
                }
            }
        );
        List<int> missing = [];
        for (int index = 0; index < isMissing.Length; index++)
        {
            if (isMissing[index])
            {
                missing.Add(index);
            }
        }

        return missing;
    }

    /// <summary>Returns a number of neighbors if all that is then kept fits the memory limit.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    private int CheckedNeighborCount(long k, List<int> wanting)
    {
        double more = (double)k * wanting.Count;
        double neighbors = 0;
        foreach (TargetNeighbors row in _rows)
        {
            neighbors += row.FetchedCount;
        }

        foreach (int row in wanting)
        {
            more -= _rows[row].FetchedCount;
        }

        double bytes = PlanMemory.Kept(neighbors + more, Math.Min(_pool.Count, Candidates.Count + more));
        long limit = PlanMemory.LargestKept(_memoryLimit);
        if (bytes > limit || k > Array.MaxLength)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected the neighbors of the targets and their plan to fit into {limit:N0} bytes, found that "
                        + $"{wanting.Count:N0} targets need {k:N0} neighbors each, {bytes:N0} bytes in all; allow "
                        + $"more memory, {(bytes - limit) * 4 / 3 / 1e6:N0} MB at least, or ask for a larger alpha, "
                        + $"fewer targets or a smaller budget."
                )
            );
        }

        return (int)k;
    }

    private IProgress<long>? Report(SelectionStage stage) => SelectionProgress.OfStage(_progress, stage, _pool.Count);
}
