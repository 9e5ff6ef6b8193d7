using Apache.Arrow;
using Apache.Arrow.Ipc;
using ParquetSharp;
using ParquetSharp.Arrow;
using Tsds.Data.Files;

namespace Tsds.Data.Containers;

/// <summary>The rows of a Parquet file, through all row groups, a few hundred at a time.</summary>
internal sealed class ParquetBatches : IRecordBatches
{
    // Enough for the columns' decoders to work in runs; of rows with megabytes of text, still little.
    private const int BatchRows = 512;

    private readonly string _path;
    private readonly long _bytes;
    private Stream? _stream;
    private FileReader? _file;
    private IArrowArrayStream? _batches;
    private long _rows;
    private long _rowsRead;

    /// <summary>Initializes a new instance of the <see cref="ParquetBatches"/> class.</summary>
    /// <param name="path">The file, opened at the first reading.</param>
    /// <param name="bytes">Its size.</param>
    public ParquetBatches(string path, long bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public Exception? Failure => (_stream as RemoteStream)?.Failure;

    /// <inheritdoc/>
    public string Kind => "Parquet";

    /// <inheritdoc/>
    public long BytesRead => _rows == 0 ? 0 : (long)(_bytes * Math.Min(1, (double)_rowsRead / _rows));

    /// <inheritdoc/>
    public RecordBatch? Read()
    {
        _batches ??= Open();
        RecordBatch? batch = _batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult();
        _rowsRead += batch?.Length ?? 0;
        if (batch is null && _rowsRead != _rows)
        {
            throw new InvalidDataException($"the file promises {_rows} rows and holds {_rowsRead}");
        }

        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches?.Dispose();
        _file?.Dispose();
        _stream?.Dispose();
    }

    private IArrowArrayStream Open()
    {
        // Pages are read through a buffer, so that a column chunk need not be in memory as a whole.
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        using ArrowReaderProperties arrow = ArrowReaderProperties.GetDefault();
        arrow.BatchSize = BatchRows;
        arrow.PreBuffer = false;
        arrow.UseThreads = false;
        if (FileSources.IsAddress(_path))
        {
            _stream = FileSources.OpenRead(_path);
            _file = new FileReader(_stream, properties, arrow);
        }
        else
        {
            _file = new FileReader(_path, properties, arrow);
        }

        _rows = _file.ParquetReader.FileMetaData.NumRows;
        return _file.GetRecordBatchReader();
    }
}
