using System.Diagnostics.CodeAnalysis;
using Tsds.Data.Containers;
using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>An open file of rows in any container: its records, and the hash of the bytes on disk.</summary>
internal sealed class RowFile : IDisposable
{
    private readonly string _path;
    private readonly UnpackedStream? _stream;
    private readonly IRecordReader _records;
    private long? _hashedBytes;

    /// <summary>Initializes a new instance of the <see cref="RowFile"/> class.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name that it goes by in messages.</param>
    /// <param name="maxRowBytes">The longest row to return, in bytes.</param>
    /// <param name="quotes">What a quotation mark means in a file of cells.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Neither its name nor its content says that it has rows.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader of partitions owns the one that it wraps.")]
    public RowFile(string path, string name, int maxRowBytes, CellQuotes quotes = CellQuotes.Doubled)
    {
        _path = path;
        Container = RowContainer.Detect(path, name);
        if (Container.IsSequential)
        {
            _stream = new UnpackedStream(path, name, Container.Packing);
            Bytes = _stream.Bytes;
            _records = Open(_stream, name, maxRowBytes, quotes);
        }
        else
        {
            Bytes = FileSources.LengthOf(path);
            _records =
                Container.Format == RowFormat.Parquet
                    ? new ArrowRecordReader(new ParquetBatches(path, Bytes), name, maxRowBytes)
                    : new ArrowRecordReader(new ArrowFileBatches(path, Bytes), name, maxRowBytes);
        }

        // Rows of JSON stay byte for byte; those of tables are made here in any case.
        if (
            Container.Format is not (RowFormat.JsonLines or RowFormat.Json)
            && PartitionFolders.Of(name) is { Count: > 0 } partitions
        )
        {
            _records = new PartitionedRecordReader(_records, partitions);
        }
    }

    /// <summary>Gets the kind of the file.</summary>
    public RowContainer Container { get; }

    /// <summary>Gets the size of the file on disk, in bytes, when it was opened.</summary>
    public long Bytes { get; }

    /// <summary>Gets the number of bytes used so far; after <see cref="FinishHash"/>, of the whole file.</summary>
    public long BytesRead => _hashedBytes ?? _records.BytesRead;

    /// <inheritdoc cref="IRecordReader.Unit"/>
    public string Unit => _records.Unit;

    /// <inheritdoc cref="IRecordReader.Number"/>
    public long Number => _records.Number;

    /// <inheritdoc cref="IRecordReader.TryRead"/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem) =>
        _records.TryRead(out record, out problem);

    /// <summary>Completes the hash and returns it; called once, after the last record was read.</summary>
    /// <returns>The SHA-256 of the file, in lower-case hexadecimal.</returns>
    public string FinishHash()
    {
        if (_stream is not null)
        {
            string hash = _stream.FinishHash();
            _hashedBytes = _stream.BytesRead;
            return FileSources.KnownHashOf(_path) is not { } known || known == hash
                ? hash
                : throw new IOException(
                    $"{_path}: expected content with the SHA-256 that its source states ({known}), found {hash}; "
                        + $"empty the cache with 'tsds cache clear' and run again."
                );
        }

        if (FileSources.KnownHashOf(_path) is { } stated)
        {
            _hashedBytes = Bytes;
            return stated;
        }

        // A file that is read here and there is read once more from end to end.
        using var whole = new UnpackedStream(_path, _path, RowPacking.None);
        string wholeHash = whole.FinishHash();
        _hashedBytes = whole.BytesRead;
        return wholeHash;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _records.Dispose();
        _stream?.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The reader that is returned owns what it is made of.")]
    private IRecordReader Open(UnpackedStream stream, string name, int maxRowBytes, CellQuotes quotes) =>
        Container.Format switch
        {
            RowFormat.Csv or RowFormat.Tsv when quotes == CellQuotes.None => new UnquotedRecordReader(
                stream,
                name,
                Container.Format == RowFormat.Csv ? ',' : '\t',
                maxRowBytes
            ),
            RowFormat.JsonLines => new LineReader(stream, maxRowBytes),
            RowFormat.Json => new JsonRecordReader(stream, name, maxRowBytes),
            RowFormat.Csv => new CsvRecordReader(stream, name, ',', maxRowBytes),
            RowFormat.Tsv => new CsvRecordReader(stream, name, '\t', maxRowBytes),
            _ => new ArrowRecordReader(new ArrowStreamBatches(stream), name, maxRowBytes),
        };
}
