using System.Threading.Channels;
using Tsds.Data.Embedding;

namespace Tsds.Data.Store;

/// <summary>
/// Embeds texts shard by shard into a folder. What is there already, whole and of the same texts, stays.
/// </summary>
internal sealed class ShardEmbedder(ShardFolder folder, IEmbedder embedder, TextRole role, int threadCount)
{
    private const int WaitingBatches = 2;

    private long _embeddedRows;
    private ShardInProgress? _current;

    /// <summary>Makes sure that there is a shard for each key.</summary>
    /// <param name="keys">The shards wanted.</param>
    /// <param name="texts">All texts again, read only if a shard is missing.</param>
    /// <param name="progress">Receives the rows that have their vector; may be null.</param>
    /// <param name="cancellationToken">Stops; finished shards stay.</param>
    /// <returns>The shards, in the order of the keys.</returns>
    public async Task<EmbeddedShards> EmbedAsync(
        IReadOnlyList<ShardKey> keys,
        IEnumerable<string> texts,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Shard?[] shards = await FindShardsAsync(keys, cancellationToken).ConfigureAwait(false);
        long total = keys.Sum(key => (long)key.RowCount);
        long done = shards.Sum(shard => (long)(shard?.Key.RowCount ?? 0));
        progress?.Report(new SelectionProgress(SelectionStage.Embedding, done, total));
        if (done < total)
        {
            await EmbedMissingAsync(keys, shards, texts, Report, cancellationToken).ConfigureAwait(false);
        }

        return new EmbeddedShards([.. shards.Select(shard => shard!)], _embeddedRows);

        void Report(int rows)
        {
            done += rows;
            progress?.Report(new SelectionProgress(SelectionStage.Embedding, done, total));
        }
    }

    private async Task<Shard?[]> FindShardsAsync(IReadOnlyList<ShardKey> keys, CancellationToken cancellationToken)
    {
        Shard?[] shards = new Shard?[keys.Count];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = threadCount,
            CancellationToken = cancellationToken,
        };
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, keys.Count),
                parallel,
                (i, _) =>
                {
                    shards[i] = folder.Find(i, keys[i]);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return shards;
    }

    private async Task EmbedMissingAsync(
        IReadOnlyList<ShardKey> keys,
        Shard?[] shards,
        IEnumerable<string> texts,
        Action<int> report,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<TextBatch> batches = Channel.CreateBounded<TextBatch>(WaitingBatches);
        bool[] isWanted = [.. shards.Select(shard => shard is null)];
        Task reading = Task.Run(
            () => ReadBatchesAsync(isWanted, texts, batches.Writer, stop.Token),
            CancellationToken.None
        );
        try
        {
            await foreach (TextBatch batch in batches.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                int number = batch.Number;
                if (_current?.Number != number)
                {
                    _current = new ShardInProgress(number, keys[number], folder.FindEarlier(number, keys[number]));
                }

                _embeddedRows += await _current
                    .AddAsync(batch, embedder, role, cancellationToken)
                    .ConfigureAwait(false);
                report(batch.Texts.Count);
                if (_current.IsComplete)
                {
                    shards[number] = Finish(_current);
                }
            }
        }
        finally
        {
            // Where the arithmetic failed, the reader must not wait for room that never comes; where the reader failed,
            // this throws its error.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading.ConfigureAwait(false);
    }

    private Shard Finish(ShardInProgress finished)
    {
        Shard shard = folder.Write(finished.Number, finished.Texts, finished.Vectors);
        return shard.Key == finished.Key
            ? shard
            : throw new IOException(
                "Expected the rows that were read before, found others: the files changed during the run. "
                    + "Run again once they are complete."
            );
    }

    private static async Task ReadBatchesAsync(
        bool[] isWanted,
        IEnumerable<string> texts,
        ChannelWriter<TextBatch> batches,
        CancellationToken cancellationToken
    )
    {
        try
        {
            long row = 0;
            TextBatch batch = TextBatch.Empty(0);
            foreach (string text in texts)
            {
                int number = (int)(row++ / ShardKey.Rows);
                if (number >= isWanted.Length || !isWanted[number])
                {
                    continue;
                }

                if (batch.Number != number || batch.Texts.Count == TextBatch.Rows)
                {
                    await SendAsync(batch).ConfigureAwait(false);
                    batch = TextBatch.Empty(number);
                }

                batch.Texts.Add(text);
                batch.Keys.Add(TextKey.Of(text));
            }

            await SendAsync(batch).ConfigureAwait(false);
        }
        finally
        {
            batches.Complete();
        }

        async ValueTask SendAsync(TextBatch batch)
        {
            if (batch.Texts.Count > 0)
            {
                await batches.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
