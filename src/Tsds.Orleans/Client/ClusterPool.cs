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
internal sealed class ClusterPool : ICandidatePool
{
    private readonly IReadOnlyList<Section> _sections;
    private readonly ClusterSearch _search;
    private readonly ClusterTraffic _traffic;
    private readonly PoolView? _view;

    public ClusterPool(
        WorkerDirectory directory,
        StoreManifest manifest,
        Normalization normalization,
        ClusterOptions options,
        ClusterTraffic traffic
    )
    {
        _sections = Section.Cut(manifest);
        _search = new ClusterSearch(directory, _sections, options, traffic);
        _traffic = traffic;
        Dimension = manifest.Dimension;
        Normalization = normalization;
        Count = _sections.Sum(section => section.Rows);
    }

    private ClusterPool(ClusterPool pool, PoolView view)
    {
        (_sections, _search, _traffic) = (pool._sections, pool._search, pool._traffic);
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
        await _search.RunAsync(call, progress, cancellationToken).ConfigureAwait(false);
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
            byte[] found = await _search
                .AskHolderAsync(
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
        await _search.RunAsync(call, progress, cancellationToken).ConfigureAwait(false);
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

    private async Task<float[]> ReadAsync(int section, int[] rows, CancellationToken cancellationToken)
    {
        float[] found = await _search
            .AskHolderAsync(
                section,
                worker => worker.Grain.ReadEmbeddingsAsync(section, Normalization == Normalization.None, rows),
                cancellationToken
            )
            .ConfigureAwait(false);
        _traffic.Sent(4L * rows.Length);
        _traffic.Received(4L * found.Length);
        return found;
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
