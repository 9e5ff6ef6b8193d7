using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>The searches of a worker. One runs at a time; one that no client polls any longer is cancelled.</summary>
internal sealed partial class SearchQueue(
    ILogger<SearchQueue> logger,
    SearchFactory searches,
    WorkerOptions options,
    WorkerMetrics metrics
) : IDisposable
{
    private readonly ConcurrentDictionary<string, RunningSearch> _searches = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Starts a search, unless a search with this id is already running.</summary>
    /// <exception cref="InvalidDataException">What it refers to is not here.</exception>
    public void Start(SearchRequest request)
    {
        GiveUpAbandoned();
        if (_searches.ContainsKey(request.Id))
        {
            return;
        }

        RunningSearch search = searches.Create(request);
        if (_searches.TryAdd(request.Id, search))
        {
            LogStarted(
                logger,
                request.Id,
                request.K > 0 ? "neighbors" : "density",
                search.PointCount,
                request.Sections.Length,
                request.K
            );
            search.Run(_turn);
        }
    }

    public Task<SearchState> PollAsync(string id, double[]? farthest)
    {
        GiveUpAbandoned();
        return _searches.TryGetValue(id, out RunningSearch? search)
            ? search.PollAsync(farthest)
            : Task.FromResult(SearchState.Unknown);
    }

    public AnswerChunk Fetch(string id, int firstRow)
    {
        AnswerChunk chunk = _searches.TryGetValue(id, out RunningSearch? search)
            ? search.Fetch(firstRow)
            : AnswerChunk.Empty;
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

    private void GiveUpAbandoned()
    {
        foreach ((string id, RunningSearch search) in _searches)
        {
            if (search.IsIdleFor(options.Cluster.Timeout))
            {
                LogAbandoned(logger, id);
                Close(id);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "search {Request}: {Stage} of {Points} points in {Sections} sections, K {K}"
    )]
    private static partial void LogStarted(
        ILogger logger,
        string request,
        string stage,
        int points,
        int sections,
        int k
    );

    [LoggerMessage(Level = LogLevel.Warning, Message = "search {Request}: cancelled, as no client polls it")]
    private static partial void LogAbandoned(ILogger logger, string request);
}
