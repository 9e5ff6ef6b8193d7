using System.Runtime.InteropServices;
using Tsds.Data.Store;
using Tsds.Orleans.Wire;
using Tsds.Orleans.Workers;

namespace Tsds.Orleans.Client;

/// <summary>
/// A pool whose vectors are held by the workers of a cluster, each of which searches its share and sends one answer.
/// </summary>
/// <remarks>
/// The amount of data sent for a search is (workers × targets × k), whatever the number of chunks. The same values as
/// those of one machine, for any number of workers: neighbors are merged by distance and id, and densities are sums
/// that do not depend on their order. A worker that is lost in the middle of a call costs its share of that call, which
/// others search again.
/// </remarks>
public sealed class ClusterPool : ICandidatePool
{
    /// <summary>The number of consecutive rounds in which all searching workers may be lost.</summary>
    private const int MostFruitlessRounds = 3;

    private readonly WorkerDirectory _directory;
    private readonly IReadOnlyList<Section> _sections;
    private readonly ClusterOptions _options;
    private readonly ClusterTraffic _traffic;
    private readonly PoolView? _view;

    internal ClusterPool(
        WorkerDirectory directory,
        StoreManifest manifest,
        Normalization normalization,
        ClusterOptions options,
        ClusterTraffic traffic
    )
    {
        _directory = directory;
        _sections = Section.Cut(manifest);
        _options = options;
        _traffic = traffic;
        Dimension = manifest.Dimension;
        Normalization = normalization;
        Count = _sections.Sum(section => section.Rows);
    }

    private ClusterPool(ClusterPool pool, PoolView view)
    {
        (_directory, _sections, _options, _traffic) = (pool._directory, pool._sections, pool._options, pool._traffic);
        (Count, Dimension, Normalization) = (pool.Count, pool.Dimension, pool.Normalization);
        _view = view;
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public Normalization Normalization { get; }

    private ViewMessage? View => _view is null ? null : ViewMessage.Of(_view);

    /// <inheritdoc/>
    /// <remarks>Workers see their rows through it.</remarks>
    public ICandidatePool WithView(PoolView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new ClusterPool(this, view);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A part of the pool is with no worker.</exception>
    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        CheckDimension(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        NeighborTable merged = NeighborTable.Empty(targets.Count);
        Blob points = Blob.Of(targets.Values.Span);
        SearchRequest request = new(
            "",
            points.Id,
            Dimension,
            Normalization == Normalization.None,
            k,
            0,
            null,
            [],
            View
        );
        ClusterCall call = new(
            request,
            [points],
            targets.Count,
            new SharedLimits(targets.Count),
            chunks => merged = NeighborTable.Merge(merged, ToTable(chunks, k), 0, k)
        );
        await RunAsync(call, progress, cancellationToken).ConfigureAwait(false);
        return merged;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A part of the pool is with no worker.</exception>
    public async ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    )
    {
        float[] values = new float[checked(candidateIds.Length * Dimension)];
        Dictionary<int, List<int>> positions = [];
        for (int i = 0; i < candidateIds.Length; i++)
        {
            int section = SectionOf(candidateIds.Span[i]);
            if (!positions.TryGetValue(section, out List<int>? list))
            {
                positions[section] = list = [];
            }

            list.Add(i);
        }

        int atOnce = Math.Max(1, AnswerChunk.Bytes / (sizeof(float) * Dimension));
        foreach (int[] piece in positions.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Chunk(atOnce)))
        {
            int section = SectionOf(candidateIds.Span[piece[0]]);
            int[] rows = Array.ConvertAll(
                piece,
                position => (int)(candidateIds.Span[position] - _sections[section].FirstRow)
            );
            float[] found = await ReadAsync(section, rows, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < piece.Length; i++)
            {
                found.AsSpan(i * Dimension, Dimension).CopyTo(values.AsSpan(piece[i] * Dimension));
            }
        }

        EmbeddingMatrix read = new(values, Dimension);
        return _view?.Apply(read) ?? read;
    }

    /// <inheritdoc/>
    /// <remarks>Workers send 16 bytes a candidate, not the embeddings.</remarks>
    /// <exception cref="IOException">A part of the pool is with no worker.</exception>
    public async ValueTask<UInt128[]> ReadKeysAsync(
        long firstId,
        int count,
        CancellationToken cancellationToken = default
    )
    {
        UInt128[] keys = new UInt128[count];
        for (int done = 0; done < count; )
        {
            int section = SectionOf(firstId + done);
            long firstRow = firstId + done - _sections[section].FirstRow;
            int asked = (int)
                Math.Min(Math.Min(count - done, AnswerChunk.Bytes / 16), _sections[section].Rows - firstRow);
            byte[] found = await AskHolderAsync(
                    section,
                    worker => worker.Grain.ReadKeysAsync(section, Normalization == Normalization.None, firstRow, asked),
                    cancellationToken
                )
                .ConfigureAwait(false);
            _traffic.Received(found.Length);
            MemoryMarshal.Cast<byte, UInt128>(found).CopyTo(keys.AsSpan(done));
            done += asked;
        }

        return keys;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A part of the pool is with no worker.</exception>
    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        CheckDimension(points);
        double[] sums = new double[points.Count];
        Blob pointBlob = Blob.Of(points.Values.Span);
        Blob? populationBlob = population is { } ids ? Blob.Of(ids.Span) : null;
        SearchRequest request = new(
            "",
            pointBlob.Id,
            Dimension,
            Normalization == Normalization.None,
            0,
            bandwidth,
            populationBlob?.Id,
            [],
            View
        );
        ClusterCall call = new(
            request,
            populationBlob is null ? [pointBlob] : [pointBlob, populationBlob],
            points.Count,
            null,
            chunks => AddTo(sums, chunks)
        );
        await RunAsync(call, progress, cancellationToken).ConfigureAwait(false);
        return sums;
    }

    private static void AddTo(double[] sums, IReadOnlyList<AnswerChunk> chunks)
    {
        int point = 0;
        foreach (double partial in chunks.SelectMany(chunk => chunk.Values))
        {
            sums[point++] += partial;
        }
    }

    private static NeighborTable ToTable(IReadOnlyList<AnswerChunk> chunks, int k)
    {
        int[] counts = [.. chunks.SelectMany(chunk => chunk.Counts)];
        int width = Math.Max(1, Math.Min(k, counts.Max()));
        long[] candidateIds = new long[checked(counts.Length * width)];
        double[] distancesSquared = new double[candidateIds.Length];
        Array.Fill(candidateIds, NeighborTable.NoCandidate);
        Array.Fill(distancesSquared, double.PositiveInfinity);
        int query = 0;
        foreach (AnswerChunk chunk in chunks)
        {
            int first = 0;
            foreach (int count in chunk.Counts)
            {
                chunk.CandidateIds.AsSpan(first, count).CopyTo(candidateIds.AsSpan(query * width));
                chunk.Values.AsSpan(first, count).CopyTo(distancesSquared.AsSpan(query * width));
                first += count;
                query++;
            }
        }

        return new NeighborTable(counts.Length, width, candidateIds, distancesSquared);
    }

    /// <summary>Searches all sections, each once, on the workers that are available.</summary>
    private async Task RunAsync(ClusterCall call, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using SemaphoreSlim fetching = new(1);
        SortedSet<int> open = [.. Enumerable.Range(0, _sections.Count)];
        Dictionary<int, string> reasons = [];
        HashSet<(string Worker, int Section)> refused = [];
        int fruitless = 0;
        long rowsDone = 0;
        long lastChange = Environment.TickCount64;
        while (open.Count > 0)
        {
            IReadOnlyList<ClusterWorker> workers = await _directory.FindAsync(cancellationToken).ConfigureAwait(false);
            await WorkerDirectory.CheckAgreementAsync(workers).ConfigureAwait(false);
            (Dictionary<ClusterWorker, List<int>> shares, List<int> orphans) = WorkShares.Deal(
                [.. _sections.Select(section => section.Rows)],
                open,
                workers,
                (worker, section) =>
                    Array.BinarySearch(worker.Status.Sections, section) >= 0
                    && !refused.Contains((worker.Address, section))
            );
            if (shares.Count == 0)
            {
                await WaitForHolderAsync(orphans, workers, reasons, refused, lastChange, cancellationToken)
                    .ConfigureAwait(false);
                continue;
            }

            WorkerShare[] running =
            [
                .. shares.Select(share => new WorkerShare(
                    new WorkerLine(share.Key, _directory, _options.Timeout),
                    call,
                    share.Value,
                    fetching,
                    _traffic
                )),
            ];
            long before = rowsDone;
            ShareOutcome[] outcomes = await RunSharesAsync(
                    running,
                    () => progress?.Report(before + running.Sum(share => share.Rows)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach (ShareOutcome outcome in outcomes)
            {
                open.ExceptWith(outcome.Done);
                rowsDone += outcome.Done.Sum(section => _sections[section].Rows);
                foreach ((int section, string reason) in outcome.Refused)
                {
                    refused.Add((outcome.Worker.Address, section));
                    reasons[section] = reason;
                }

                if (outcome.IsLost || outcome.Refused.Count > 0)
                {
                    _directory.Forget();
                    _traffic.Retried();
                }
            }

            // A worker that was lost and responds again may only have been unreachable; this is allowed a limited
            // number of times.
            fruitless = Array.TrueForAll(outcomes, outcome => outcome.IsLost) ? fruitless + 1 : 0;
            if (fruitless == MostFruitlessRounds)
            {
                throw new IOException(
                    $"Expected the workers of the cluster {_options.Address} to search to the end, found all "
                        + $"{outcomes.Length} that searched lost, {fruitless} times in a row; their logs say why."
                );
            }

            lastChange = Environment.TickCount64;
        }

        progress?.Report(Count);
    }

    private static async Task<ShareOutcome[]> RunSharesAsync(
        WorkerShare[] shares,
        Action report,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ShareOutcome>[] running = [.. shares.Select(share => share.RunAsync(report, stop.Token))];
        try
        {
            return await Task.WhenAll(running).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Waits for a worker that holds what is missing, which may be restarting; as long as for a silent worker.
    /// </summary>
    /// <exception cref="IOException">None came.</exception>
    /// <exception cref="InvalidDataException">All who hold a section refuse it.</exception>
    private async Task WaitForHolderAsync(
        List<int> orphans,
        IReadOnlyList<ClusterWorker> workers,
        Dictionary<int, string> reasons,
        HashSet<(string Worker, int Section)> refused,
        long lastChange,
        CancellationToken cancellationToken
    )
    {
        int first = orphans[0];
        Section section = _sections[first];
        string what = $"shards {section.FirstShard} to {section.EndShard - 1}";
        if (
            reasons.TryGetValue(first, out string? reason)
            && workers.All(worker =>
                Array.BinarySearch(worker.Status.Sections, first) < 0 || refused.Contains((worker.Address, first))
            )
        )
        {
            throw new InvalidDataException($"No worker can search {what} of the vector store: {reason}");
        }

        if (Environment.TickCount64 - lastChange > _options.Timeout.TotalMilliseconds)
        {
            throw new IOException(
                $"Expected a worker with {what} of the vector store, found none among {workers.Count} within "
                    + $"{_options.Timeout.TotalSeconds:0} s; start one with 'tsds worker' where they lie."
            );
        }

        _directory.Forget();
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(false);
    }

    private async Task<float[]> ReadAsync(int section, int[] rows, CancellationToken cancellationToken)
    {
        float[] found = await AskHolderAsync(
                section,
                worker => worker.Grain.ReadEmbeddingsAsync(section, Normalization == Normalization.None, rows),
                cancellationToken
            )
            .ConfigureAwait(false);
        _traffic.Sent(4L * rows.Length);
        _traffic.Received(4L * found.Length);
        return found;
    }

    /// <summary>Asks the workers that hold a section one after the other, until one answers.</summary>
    private async Task<T> AskHolderAsync<T>(
        int section,
        Func<ClusterWorker, Task<T>> ask,
        CancellationToken cancellationToken
    )
        where T : class
    {
        Dictionary<int, string> reasons = [];
        HashSet<(string Worker, int Section)> refused = [];
        long start = Environment.TickCount64;
        while (true)
        {
            IReadOnlyList<ClusterWorker> workers = await _directory.FindAsync(cancellationToken).ConfigureAwait(false);
            foreach (
                ClusterWorker worker in workers.Where(worker =>
                    Array.BinarySearch(worker.Status.Sections, section) >= 0
                )
            )
            {
                try
                {
                    return await ask(worker).WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (InvalidDataException exception)
                {
                    reasons[section] = exception.Message;
                    refused.Add((worker.Address, section));
                }
                catch (Exception exception)
                    when (exception is TimeoutException or global::Orleans.Runtime.OrleansException)
                {
                    // Busy or gone; another one may hold the section.
                }
            }

            await WaitForHolderAsync([section], workers, reasons, refused, start, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private int SectionOf(long candidateId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(candidateId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(candidateId, Count);
        int low = 0;
        int high = _sections.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _sections[middle].FirstRow <= candidateId ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private void CheckDimension(EmbeddingMatrix matrix)
    {
        if (matrix.Dimension != Dimension)
        {
            throw new ArgumentException(
                $"Expected vectors of the pool's dimension {Dimension}, found {matrix.Dimension}."
            );
        }
    }
}
