using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Tsds.Data.Files;

namespace Tsds.Data.Containers;

/// <summary>The record batches of a file in Arrow's IPC file format.</summary>
internal sealed class ArrowFileBatches : IRecordBatches
{
    private readonly string _path;
    private readonly long _bytes;
    private Stream? _file;
    private ArrowFileReader? _reader;
    private int _batchCount;
    private int _batchesRead;

    /// <summary>Initializes a new instance of the <see cref="ArrowFileBatches"/> class.</summary>
    /// <param name="path">The file, opened at the first reading.</param>
    /// <param name="bytes">Its size.</param>
    public ArrowFileBatches(string path, long bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public string Kind => "Arrow IPC";

    /// <inheritdoc/>
    public long BytesRead => _batchCount == 0 ? 0 : (long)(_bytes * ((double)_batchesRead / _batchCount));

    /// <inheritdoc/>
    public RecordBatch? Read()
    {
        if (_reader is null)
        {
            _file = FileSources.OpenRead(_path);
            _reader = new ArrowFileReader(
                _file,
                new CheckedAllocator(_bytes),
                new CompressionCodecFactory(),
                leaveOpen: true
            );
            _batchCount = _reader.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
        }

        if (_batchesRead == _batchCount)
        {
            return null;
        }

        RecordBatch batch =
            _reader.ReadNextRecordBatch()
            ?? throw new InvalidDataException(
                $"the file promises {_batchCount} record batches and holds {_batchesRead}"
            );
        _batchesRead++;
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _file?.Dispose();
    }
}
