using Orleans.Concurrency;

namespace Tsds.Orleans.Workers;

/// <summary>
/// Maps its chunks and runs the core's own pool on them; unmaps them when it has not been called for a while.
/// </summary>
/// <remarks>
/// One for each section that a search begins with on each silo, and always on the silo that asks: so it is where the
/// client's choice put it, and nowhere else after a silo has died.
/// </remarks>
[StatelessWorker(1)]
internal sealed class ShardGrain(LocalStore store, WorkerOptions options) : Grain, IShardGrain
{
    private CandidatePool? _pool;
    private Section? _section;

    public async Task<InProcess<ShardAnswer>> SearchAsync(InProcess<ShardQuery> query) =>
        new(await AnswerAsync(query.Value).ConfigureAwait(true));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _pool?.Dispose();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    private async Task<ShardAnswer> AnswerAsync(ShardQuery query)
    {
        try
        {
            CandidatePool opened = await OpenAsync(query).ConfigureAwait(true);
            CandidatePool pool = query.View is { } view ? opened.WithView(view) : opened;
            if (query is { KeyCount: > 0 and int keyCount, Rows: { } firsts })
            {
                return new ShardAnswer
                {
                    Keys = await ((ICandidatePool)pool)
                        .ReadKeysAsync(firsts.Span[0], keyCount, query.CancellationToken)
                        .ConfigureAwait(true),
                };
            }

            if (query.Rows is { } rows)
            {
                return new ShardAnswer
                {
                    Embeddings = await pool.ReadEmbeddingsAsync(rows, query.CancellationToken).ConfigureAwait(true),
                };
            }

            if (query.K == 0)
            {
                return new ShardAnswer
                {
                    Densities = await pool.EstimateDensitiesAsync(
                            query.Points,
                            query.Bandwidth,
                            query.Population,
                            query.Progress,
                            query.CancellationToken
                        )
                        .ConfigureAwait(true),
                };
            }

            return new ShardAnswer
            {
                Neighbors = await pool.FindWithinAsync(
                        query.Points,
                        (int)Math.Min(query.K, pool.Count),
                        query.Farthest!,
                        query.Progress,
                        query.CancellationToken
                    )
                    .ConfigureAwait(true),
            };
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ShardAnswer { Problem = exception.Message };
        }
    }

    private async Task<CandidatePool> OpenAsync(ShardQuery query)
    {
        // Rows to read are numbered from the beginning, wherever the end is.
        bool isOpen =
            _pool?.Normalization == query.Normalization
            && (query.Rows is null ? _section == query.Section : _section!.BeginsWith(query.Section));
        if (!isOpen)
        {
            _pool?.Dispose();
            _pool = null;
            _pool = await store
                .OpenPoolAsync(
                    query.Section,
                    new CandidatePoolOptions { Normalization = query.Normalization, ThreadCount = options.ThreadCount }
                )
                .ConfigureAwait(true);
            _section = query.Section;
        }

        return _pool!;
    }
}
