using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace Tsds.Data.Containers;

/// <summary>The record batches of a file in Arrow's IPC streaming format.</summary>
/// <remarks>
/// The format allows a stream to end where a message does; a file cut there would pass for a shorter one. Every writer
/// of files ends them with a mark, so that the mark is asked for.
/// </remarks>
internal sealed class ArrowStreamBatches : IRecordBatches
{
    private readonly UnpackedStream _stream;
    private readonly TailStream _tail;
    private ArrowStreamReader? _reader;

    /// <summary>Initializes a new instance of the <see cref="ArrowStreamBatches"/> class.</summary>
    /// <param name="stream">The file; stays the caller's.</param>
    public ArrowStreamBatches(UnpackedStream stream)
    {
        _stream = stream;
        _tail = new TailStream(stream);
    }

    /// <inheritdoc/>
    public string Kind => "Arrow IPC";

    /// <inheritdoc/>
    public long BytesRead => _stream.BytesRead;

    /// <inheritdoc/>
    public RecordBatch? Read()
    {
        _reader ??= new ArrowStreamReader(
            _tail,
            new CheckedAllocator(_stream.Bytes),
            new CompressionCodecFactory(),
            leaveOpen: true
        );
        RecordBatch? batch = _reader.ReadNextRecordBatch();
        return batch is not null || _tail.EndsInZeros
            ? batch
            : throw new InvalidDataException("the file ends before the mark of its end");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _tail.Dispose();
    }
}
