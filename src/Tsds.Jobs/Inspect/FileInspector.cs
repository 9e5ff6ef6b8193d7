using System.Threading.Channels;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Inspect;

/// <summary>Reads one file and counts the content of its rows concurrently with reading.</summary>
internal sealed class FileInspector
{
    private const int WaitingBatches = 4;

    private readonly string _path;
    private readonly RowReader _reader;
    private readonly DuplicateCounter _duplicates;
    private readonly EmptyFieldCounter _emptyFields = new();
    private readonly TextCounter _text = new();
    private readonly TrainerCounter _trainers;

    /// <summary>Initializes a new instance of the <see cref="FileInspector"/> class.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How rows are read; bad ones are to be skipped.</param>
    /// <param name="duplicates">Receives the texts.</param>
    public FileInspector(string path, RowReaderOptions options, DuplicateCounter duplicates)
    {
        _path = path;
        _reader = new RowReader([path], options);
        _duplicates = duplicates;
        _trainers = new TrainerCounter(options);
    }

    /// <summary>Reads the file.</summary>
    /// <param name="progress">Receives the bytes read; may be null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What was found, or why nothing could be.</returns>
    public async Task<InspectedFile> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            Channel<RowBatch> batches = Channel.CreateBounded<RowBatch>(WaitingBatches);
            Task counting = Task.Run(() => CountAsync(batches.Reader), CancellationToken.None);
            try
            {
                await ReadAsync(batches.Writer, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                batches.Writer.Complete();
                await counting.ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new InspectedFile { Path = _path, Problem = FileErrors.Describe(e) };
        }

        InputFile file = _reader.Files[0];
        return new InspectedFile
        {
            Path = _path,
            Container = file.Container,
            Schema = file.Schema,
            Schemas = file.Schemas,
            Rows = file.Rows,
            Bytes = file.Bytes,
            Sha256 = file.Sha256,
            BadRows = file.SkippedRows,
            FirstBadRows = [.. _reader.SkippedRows.Select(row => new RowProblem(row.Line, row.Reason))],
            Characters = _text.Characters,
            Tokens = _text.Tokens,
            EmptyFields = _emptyFields.Counts,
            Letters = _text.Letters,
            Trainers = _trainers.Counts,
        };
    }

    private async Task ReadAsync(
        ChannelWriter<RowBatch> batches,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var batch = new RowBatch();
        foreach (Row row in _reader.Read(RowFields.Text, progress, cancellationToken))
        {
            batch.Add(row);
            if (batch.IsFull)
            {
                await batches.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                batch = new RowBatch();
            }
        }

        await batches.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    private async Task CountAsync(ChannelReader<RowBatch> batches)
    {
        await foreach (RowBatch batch in batches.ReadAllAsync().ConfigureAwait(false))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                _emptyFields.Add(batch.JsonOf(i));
                _trainers.Add(batch.JsonOf(i), batch.LineOf(i));
                _text.Add(batch.TextOf(i));
                _duplicates.Add(batch.TextOf(i));
            }

            batch.Return();
        }
    }
}
