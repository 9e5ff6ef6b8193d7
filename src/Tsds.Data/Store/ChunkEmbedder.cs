using System.Threading.Channels;
using Tsds.Data.Embedding;

namespace Tsds.Data.Store;

/// <summary>
/// Embeds texts chunk by chunk into a folder. Chunks that are already there, intact and of the same texts, are kept.
/// </summary>
internal sealed class ChunkEmbedder(ChunkFolder folder, IEmbedder embedder, TextRole role, int threadCount)
{
    private const int WaitingBatches = 2;

    private long _embeddedRows;
    private long _knownPartRows;
    private ChunkInProgress? _current;
    private ChunkParts? _parts;

    /// <summary>
    /// Gets the function that returns the folder of an embedder by its identity, in which the parts of a joined one are
    /// kept apart; null where only whole vectors are kept.
    /// </summary>
    public Func<string, ChunkFolder>? PartFolderOf { get; init; }

    /// <summary>Embeds the chunks that are missing, so that there is one for each key.</summary>
    /// <param name="keys">The chunks wanted.</param>
    /// <param name="texts">All texts again, read only if a chunk is missing.</param>
    /// <param name="progress">Receives the rows that have their vector; may be null.</param>
    /// <param name="cancellationToken">Stops; finished chunks stay.</param>
    /// <returns>The chunks, in the order of the keys.</returns>
    public async Task<EmbeddedChunks> EmbedAsync(
        IReadOnlyList<ChunkKey> keys,
        IEnumerable<string> texts,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Chunk?[] chunks = await FindChunksAsync(keys, cancellationToken).ConfigureAwait(false);
        long total = keys.Sum(key => (long)key.RowCount);
        long done = chunks.Sum(chunk => (long)(chunk?.Key.RowCount ?? 0));
        progress?.Report(new SelectionProgress(SelectionStage.Embedding, done, total));
        if (done < total)
        {
            await EmbedMissingAsync(keys, chunks, texts, Report, cancellationToken).ConfigureAwait(false);
        }

        return new EmbeddedChunks([.. chunks.Select(chunk => chunk!)], _embeddedRows)
        {
            KnownPartRows = _knownPartRows,
        };

        void Report(int rows)
        {
            done += rows;
            progress?.Report(new SelectionProgress(SelectionStage.Embedding, done, total));
        }
    }

    private async Task<Chunk?[]> FindChunksAsync(IReadOnlyList<ChunkKey> keys, CancellationToken cancellationToken)
    {
        Chunk?[] chunks = new Chunk?[keys.Count];
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
                    chunks[i] = folder.Find(i, keys[i]);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return chunks;
    }

    private async Task EmbedMissingAsync(
        IReadOnlyList<ChunkKey> keys,
        Chunk?[] chunks,
        IEnumerable<string> texts,
        Action<int> report,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<TextBatch> batches = Channel.CreateBounded<TextBatch>(WaitingBatches);
        bool[] isWanted = [.. chunks.Select(chunk => chunk is null)];
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
                    Begin(number, keys[number]);
                }

                _embeddedRows += await _current!
                    .AddAsync(batch, texts => EmbedAsync(batch, texts, cancellationToken))
                    .ConfigureAwait(false);
                report(batch.Texts.Count);
                if (_current.IsComplete)
                {
                    chunks[number] = Finish(_current);
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

    private void Begin(int number, ChunkKey key)
    {
        EarlierRows? earlier = folder.FindEarlier(number, key);
        _current = new ChunkInProgress(number, key, earlier);

        // Where whole vectors of some rows are known, only the others are embedded, by all parts.
        _parts = earlier is null ? ChunkParts.TryBegin(embedder, role, _current, PartFolderOf) : null;
    }

    private ValueTask<EmbeddingMatrix> EmbedAsync(
        TextBatch batch,
        IReadOnlyList<string> texts,
        CancellationToken cancellationToken
    ) =>
        _parts is null
            ? embedder.EmbedAsync(texts, role, cancellationToken)
            : _parts.EmbedAsync(batch, cancellationToken);

    private Chunk Finish(ChunkInProgress finished)
    {
        // The parts first: who is stopped here finds them again.
        _parts?.Complete();
        _knownPartRows += _parts?.KnownRows ?? 0;
        Chunk chunk = folder.Write(finished.Number, finished.Texts, finished.Vectors);
        return chunk.Key == finished.Key
            ? chunk
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
                int number = (int)(row++ / ChunkKey.Rows);
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
