using System.Diagnostics;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>
/// One search in progress. Its sections are searched one after the other and merged here, so that the size of the
/// answer does not grow with their number.
/// </summary>
internal sealed class RunningSearch : IDisposable
{
    /// <summary>
    /// The longest time that a poll waits, so that the client sees progress and passes on what other workers have
    /// found.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly SearchRequest _request;
    private readonly EmbeddingMatrix _points;
    private readonly PoolView? _view;
    private readonly ReadOnlyMemory<long>? _population;
    private readonly LocalStore _store;
    private readonly IGrainFactory _grains;
    private readonly WorkerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly Lock _lock = new();
    private readonly List<int> _refused = [];
    private readonly List<string> _reasons = [];
    private readonly double[] _farthest;
    private TaskCompletionSource _change = NewChange();
    private NeighborTable _neighbors;
    private double[] _densities;
    private long _rowsBefore;
    private long _rowsOfSection;
    private long _lastAsked;
    private bool _isNew;
    private bool _isDone;

    public RunningSearch(
        SearchRequest request,
        SearchPoints points,
        LocalStore store,
        IGrainFactory grains,
        WorkerMetrics metrics,
        TimeProvider time
    )
    {
        _request = request;
        _points = points.Points;
        _view = request.View?.ToView();
        _population = points.Population;
        _store = store;
        _grains = grains;
        _metrics = metrics;
        _time = time;
        _stopped = _stop.Token;
        _lastAsked = time.GetTimestamp();
        _farthest = new double[_points.Count];
        Array.Fill(_farthest, double.PositiveInfinity);
        _neighbors = NeighborTable.Empty(_points.Count);
        _densities = new double[request.K == 0 ? _points.Count : 0];
    }

    public int PointCount => _points.Count;

    /// <summary>Starts the search as soon as its turn comes.</summary>
    public void Run(SemaphoreSlim turn) =>
        _ = Task.Run(async () =>
        {
            try
            {
                await turn.WaitAsync(_stopped).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await SearchAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The client that cancelled does not poll again.
            }
            catch (Exception exception)
            {
                // The edge of the worker: the error is passed to the client, which would wait for ever otherwise.
                RefuseAll(exception.Message);
            }
            finally
            {
                turn.Release();
            }
        });

    /// <summary>Cancels the search.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    public bool IsIdleFor(TimeSpan patience) => _time.GetElapsedTime(Interlocked.Read(ref _lastAsked)) > patience;

    /// <summary>Long-polls the progress: returns when there is something new, or after a time limit.</summary>
    public async Task<SearchState> PollAsync(double[]? farthest)
    {
        Interlocked.Exchange(ref _lastAsked, _time.GetTimestamp());
        Task change;
        lock (_lock)
        {
            for (int target = 0; target < farthest?.Length; target++)
            {
                _farthest[target] = Math.Min(_farthest[target], farthest[target]);
            }

            change = _change.Task;
        }

        await Task.WhenAny(change, Task.Delay(LongestWait, _time)).ConfigureAwait(false);
        lock (_lock)
        {
            double[]? news = _isNew ? [.. _farthest] : null;
            _isNew = false;
            _change = _isDone ? _change : NewChange();
            return new SearchState(
                _isDone ? SearchStatus.Done : SearchStatus.Running,
                _rowsBefore + Interlocked.Read(ref _rowsOfSection),
                news,
                [.. _refused],
                [.. _reasons]
            );
        }
    }

    /// <summary>Returns as many rows of the answer as fit into a chunk.</summary>
    public AnswerChunk Fetch(int firstRow)
    {
        Interlocked.Exchange(ref _lastAsked, _time.GetTimestamp());
        if (_request.K == 0)
        {
            int end = Math.Min(_densities.Length, firstRow + (AnswerChunk.Bytes / sizeof(double)));
            return new AnswerChunk(new int[end - firstRow], [], _densities[firstRow..end]);
        }

        List<int> counts = [];
        List<long> candidateIds = [];
        List<double> distancesSquared = [];
        for (
            int query = firstRow;
            query < _neighbors.QueryCount
                && candidateIds.Count * 16 < AnswerChunk.Bytes
                && counts.Count * 4 < AnswerChunk.Bytes;
            query++
        )
        {
            ReadOnlySpan<long> ids = _neighbors.CandidateIds(query);
            int none = ids.IndexOf(NeighborTable.NoCandidate);
            int count = none >= 0 ? none : ids.Length;
            counts.Add(count);
            candidateIds.AddRange(ids[..count]);
            distancesSquared.AddRange(_neighbors.DistancesSquared(query)[..count]);
        }

        return new AnswerChunk([.. counts], [.. candidateIds], [.. distancesSquared]);
    }

    private async Task SearchAsync()
    {
        using Activity? activity = WorkerMetrics.Activities.StartActivity(_request.K > 0 ? "neighbors" : "density");
        activity
            ?.SetTag("tsds.order", _request.Id)
            .SetTag("tsds.sections", _request.Sections.Length)
            .SetTag("tsds.points", _points.Count);
        foreach (
            IReadOnlyList<Section> group in Section.Group(_request.Sections.Select(index => _store.Sections[index]))
        )
        {
            Section joined = Section.Join(group);
            string? problem = await TrySearchAsync(joined).ConfigureAwait(false);
            if (problem is null)
            {
                continue;
            }

            // Only those that cannot be read are given up.
            foreach (Section section in group)
            {
                problem = group.Count == 1 ? problem : await TrySearchAsync(section).ConfigureAwait(false);
                if (problem is not null)
                {
                    Refuse([section.Index], problem);
                }
            }
        }

        lock (_lock)
        {
            _isDone = true;
            _change.TrySetResult();
        }
    }

    /// <returns>Why it cannot be searched here, or null.</returns>
    private async Task<string?> TrySearchAsync(Section section)
    {
        InProcess<ShardAnswer> answer = await _grains
            .GetGrain<IShardGrain>(section.Index)
            .SearchAsync(new InProcess<ShardQuery>(QueryOf(section)))
            .ConfigureAwait(false);
        _stopped.ThrowIfCancellationRequested();
        if (answer.Value.Problem is null)
        {
            Merge(section, answer.Value);
        }

        return answer.Value.Problem;
    }

    private void Refuse(int[] sections, string reason)
    {
        lock (_lock)
        {
            _refused.AddRange(sections);
            _reasons.AddRange(sections.Select(_ => reason));
        }
    }

    /// <summary>Refuses all sections; what has been found so far is discarded.</summary>
    private void RefuseAll(string reason)
    {
        lock (_lock)
        {
            _refused.Clear();
            _reasons.Clear();
            Refuse(_request.Sections, reason);
            _isDone = true;
            _change.TrySetResult();
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShardQuery QueryOf(Section section)
    {
        lock (_lock)
        {
            return new ShardQuery
            {
                Section = section,
                Normalization = _request.IsUnnormalized ? Normalization.None : Normalization.L2,
                View = _view,
                Points = _points,
                K = _request.K,
                Farthest = [.. _farthest],
                Bandwidth = _request.Bandwidth,
                Population = CandidatePool.PopulationWithin(_population, section.FirstRow, section.Rows),
                Progress = new SectionProgress(this),
                CancellationToken = _stopped,
            };
        }
    }

    private void Merge(Section section, ShardAnswer answer)
    {
        NeighborTable? merged = answer.Neighbors is { } found
            ? NeighborTable.Merge(_neighbors, found, section.FirstRow, _request.K)
            : null;
        lock (_lock)
        {
            _rowsOfSection = 0;
            _rowsBefore += section.Rows;
            _metrics.Scanned(section.Rows);
            for (int point = 0; point < answer.Densities?.Length; point++)
            {
                _densities[point] += answer.Densities[point];
            }

            if (merged is null)
            {
                return;
            }

            _neighbors = merged;
            for (int query = 0; merged.K == _request.K && query < _farthest.Length; query++)
            {
                // An infinite distance stands where the sections so far had too few within the limits.
                double last = merged.DistancesSquared(query)[^1];
                _isNew |= last < _farthest[query];
                _farthest[query] = Math.Min(_farthest[query], last);
            }

            if (_isNew)
            {
                _change.TrySetResult();
            }
        }
    }

    private sealed class SectionProgress(RunningSearch search) : IProgress<long>
    {
        public void Report(long value) => Interlocked.Exchange(ref search._rowsOfSection, value);
    }
}
