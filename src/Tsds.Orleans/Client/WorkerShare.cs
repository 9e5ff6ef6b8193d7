using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>
/// Runs one worker's share of a call: uploads what is needed, polls the progress, downloads the answer in chunks.
/// </summary>
internal sealed class WorkerShare(
    WorkerLine line,
    ClusterCall call,
    List<int> sections,
    SemaphoreSlim fetching,
    ClusterTraffic traffic
)
{
    private readonly SearchRequest _request = call.Request with
    {
        Id = Guid.NewGuid().ToString("N"),
        Sections = [.. sections],
    };
    private long _rows;

    /// <summary>Gets the candidates scanned so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Runs the share until it is complete or the worker is lost.</summary>
    public async Task<ShareOutcome> RunAsync(Action report, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
            traffic.Sent(_request.View?.Size ?? 0);
            await line.PersistAsync(grain => grain.StartAsync(_request), cancellationToken).ConfigureAwait(false);
            SearchState state = await WaitAsync(report, cancellationToken).ConfigureAwait(false);
            if (state.Refused.Length < sections.Count)
            {
                await FetchAsync(cancellationToken).ConfigureAwait(false);
            }

            Dictionary<int, string> refused = state
                .Refused.Zip(state.Reasons)
                .ToDictionary(pair => pair.First, pair => pair.Second);
            return new ShareOutcome(
                line.Worker,
                [.. sections.Where(section => !refused.ContainsKey(section))],
                refused,
                IsLost: false
            );
        }
        catch (WorkerLostException)
        {
            Interlocked.Exchange(ref _rows, 0);
            return new ShareOutcome(line.Worker, [], new Dictionary<int, string>(), IsLost: true);
        }
        finally
        {
            // This is not awaited: a search that is no longer polled ends by itself.
            _ = line
                .Worker.Grain.CloseAsync(_request.Id)
                .ContinueWith(
                    task => task.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        foreach (Blob blob in call.Blobs)
        {
            long offset = await line.PersistAsync(grain => grain.BlobLengthAsync(blob.Id), cancellationToken)
                .ConfigureAwait(false);
            while (offset < blob.Length)
            {
                byte[] piece = blob.Piece(offset, AnswerChunk.Bytes);
                await line.PersistAsync(
                        grain => grain.PutBlobAsync(blob.Id, blob.Length, offset, piece),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                offset += piece.Length;
                traffic.Sent(piece.Length);
            }
        }
    }

    private async Task<SearchState> WaitAsync(Action report, CancellationToken cancellationToken)
    {
        int seen = 0;
        while (true)
        {
            double[]? news = call.Limits?.NewsSince(ref seen);
            SearchState state = await line.PersistAsync(grain => grain.PollAsync(_request.Id, news), cancellationToken)
                .ConfigureAwait(false);
            traffic.Sent(8L * (news?.Length ?? 0));
            traffic.Received(8L * (state.Farthest?.Length ?? 0));
            call.Limits?.Add(state.Farthest);
            Interlocked.Exchange(ref _rows, state.Rows);
            report();
            switch (state.Status)
            {
                case SearchStatus.Done:
                    return state;
                case SearchStatus.Unknown:
                    throw new WorkerLostException();
            }
        }
    }

    /// <summary>
    /// Downloads the answer. Only one answer is downloaded at a time, so that a client holds at most two tables however
    /// many workers there are.
    /// </summary>
    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<AnswerChunk> chunks = [];
            for (int row = 0; row < call.PointCount; )
            {
                int first = row;
                AnswerChunk chunk = await line.PersistAsync(
                        grain => grain.FetchAsync(_request.Id, first),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                if (chunk.Counts.Length == 0)
                {
                    throw new WorkerLostException();
                }

                traffic.Received(chunk.Size);
                chunks.Add(chunk);
                row += chunk.Counts.Length;
            }

            call.Take(chunks);
        }
        finally
        {
            fetching.Release();
        }
    }
}
