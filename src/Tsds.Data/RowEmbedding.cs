using System.Threading.Channels;
using Tsds.Data.Embedding;
using Tsds.Data.Output;
using Tsds.Data.Rows;

namespace Tsds.Data;

/// <summary>The lexical embedder fitted on a pool's rows, and the stream of rows through it.</summary>
internal sealed class RowEmbedding
{
    /// <summary>Rows embedded together; two batches wait while a third is read.</summary>
    private const int BatchRows = 512;

    private const int WaitingBatches = 2;

    private readonly LexicalEmbedder _embedder;
    private readonly SelectionJobOptions _options;
    private readonly int _sampleRows;

    private RowEmbedding(LexicalEmbedder embedder, SelectionJobOptions options, int sampleRows)
    {
        _embedder = embedder;
        _options = options;
        _sampleRows = sampleRows;
    }

    /// <summary>Reads the pool once, keeps a bounded sample of its texts, and fits the embedder on it.</summary>
    public static RowEmbedding Fit(
        RowReader rows,
        IReadOnlyList<string> paths,
        SelectionJobOptions options,
        RunRecord run,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken)
    {
        LexicalEmbedderOptions embedderOptions = new() { ThreadCount = options.ThreadCount };
        TextSample sample = new(embedderOptions);
        foreach (Row row in rows.Read(RowFields.Text, ByteProgress.Create(progress, paths), cancellationToken))
        {
            sample.Add(row.Index, row.Text);
        }

        run.EndStage("reading");
        progress?.Report(new SelectionProgress(SelectionStage.Fitting, 0, LexicalEmbedder.StepCount));
        IReadOnlyList<string> texts = sample.Texts;
        LexicalEmbedder embedder = LexicalEmbedder.Fit(
            texts,
            embedderOptions,
            progress is null ? null : new StepProgress(progress),
            cancellationToken);
        run.EndStage("fitting");
        return new RowEmbedding(embedder, options, texts.Count);
    }

    public EmbeddingRecord Describe() =>
        new("lexical", LexicalEmbedder.Version, _embedder.Dimension, _options.Normalization, _options.Template, _sampleRows);

    /// <summary>Embeds some texts; shape [texts, dimension].</summary>
    public EmbeddingMatrix Embed(IReadOnlyList<string> texts)
    {
        float[] values = new float[texts.Count * _embedder.Dimension];
        Parallel.For(
            0,
            texts.Count,
            new ParallelOptions { MaxDegreeOfParallelism = _options.ThreadCount },
            i => _embedder.Embed(texts[i], values.AsSpan(i * _embedder.Dimension, _embedder.Dimension)));
        return new EmbeddingMatrix(values, _embedder.Dimension);
    }

    /// <summary>Embeds the pool in one pass into a .npy file, reading ahead of the arithmetic.</summary>
    public async Task EmbedPoolAsync(
        RowReader rows, string path, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken)
    {
        Channel<List<string>> batches = Channel.CreateBounded<List<string>>(WaitingBatches);
        Task reading = Task.Run(() => ReadBatchesAsync(rows, batches.Writer, cancellationToken), cancellationToken);
        progress?.Report(new SelectionProgress(SelectionStage.Embedding, 0, rows.RowCount));
        using (NpyWriter writer = new(path, _embedder.Dimension))
        {
            long done = 0;
            await foreach (List<string> batch in batches.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                writer.Append(Embed(batch).Values.Span);
                done += batch.Count;
                progress?.Report(new SelectionProgress(SelectionStage.Embedding, done, rows.RowCount));
            }

            writer.Complete();
        }

        await reading.ConfigureAwait(false);
    }

    private static async Task ReadBatchesAsync(
        RowReader rows, ChannelWriter<List<string>> batches, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            List<string> batch = new(BatchRows);
            foreach (Row row in rows.Read(RowFields.Text, null, cancellationToken))
            {
                batch.Add(row.Text);
                if (batch.Count == BatchRows)
                {
                    await batches.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                    batch = new List<string>(BatchRows);
                }
            }

            await batches.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            // The consumer stops with the reader's error instead of waiting for rows that never come.
            failure = exception;
        }

        batches.Complete(failure);
    }

    private sealed class StepProgress(IProgress<SelectionProgress> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new SelectionProgress(SelectionStage.Fitting, value, LexicalEmbedder.StepCount));
    }
}
