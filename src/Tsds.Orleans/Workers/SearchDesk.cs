using System.Collections.Concurrent;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>The orders of a worker: one is searched at a time, and one that nobody asks for any more is given up.</summary>
internal sealed class SearchDesk(HeldStore store, BlobStore blobs, IGrainFactory grains, WorkerOptions options, WorkerMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, RunningSearch> _searches = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Begins an order, unless it is known.</summary>
    /// <exception cref="InvalidDataException">What it refers to is not here.</exception>
    public void Start(SearchOrder order)
    {
        GiveUpAbandoned();
        if (_searches.ContainsKey(order.Id))
        {
            return;
        }

        byte[] points = Blob(order.Points);
        byte[]? population = order.Population is { } id ? Blob(id) : null;
        RunningSearch search = new(order, points, population, store, grains, metrics, time);
        if (_searches.TryAdd(order.Id, search))
        {
            search.Run(_turn);
        }
    }

    public SearchState Poll(string id, double[]? farthest)
    {
        GiveUpAbandoned();
        return _searches.TryGetValue(id, out RunningSearch? search) ? search.Poll(farthest) : SearchState.Unknown;
    }

    public AnswerChunk Fetch(string id, int firstRow)
    {
        AnswerChunk chunk = _searches.TryGetValue(id, out RunningSearch? search) ? search.Fetch(firstRow) : AnswerChunk.Empty;
        metrics.Sent(chunk.Size);
        return chunk;
    }

    public void Close(string id)
    {
        if (_searches.TryRemove(id, out RunningSearch? search))
        {
            search.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (string id in _searches.Keys)
        {
            Close(id);
        }

        _turn.Dispose();
    }

    private byte[] Blob(string id) =>
        blobs.Get(id) ?? throw new InvalidDataException("Expected the points of the order to be here, found that they were let go; send them again.");

    private void GiveUpAbandoned()
    {
        foreach ((string id, RunningSearch search) in _searches)
        {
            if (search.IsIdleFor(options.Cluster.Timeout))
            {
                Close(id);
            }
        }
    }
}
