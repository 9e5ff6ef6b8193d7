using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ParquetSharp;
using Tsds.Data.Files;

namespace Tsds.Data.Vectors;

/// <summary>
/// A column of vectors in a Parquet file: lists of float16, float32 or float64 of one length, read batch by batch.
/// </summary>
internal sealed class ParquetVectors : IDisposable
{
    public const string Extension = ".parquet";

    private const int BatchValues = 1 << 16;
    private const int MostNamed = 8;

    private readonly VectorFile _file;
    private readonly Stream? _stream;
    private readonly ParquetFileReader _reader;
    private readonly int _column;

    private ParquetVectors(VectorFile file, Stream? stream, ParquetFileReader reader)
    {
        _file = file;
        _stream = stream;
        _reader = reader;
        _column = FindColumn();
    }

    public long Count => _reader.FileMetaData.NumRows;

    private string Label => $"{_file.Path}, column {Descriptor(_column).Path.ToDotVector()[0]}";

    public static bool Holds(VectorFile file) =>
        Path.GetExtension(file.Path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file and finds the column that is named, or the only one with vectors.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or it is not clear which column is
    /// meant.</exception>
    public static ParquetVectors Open(VectorFile file) =>
        Guard(
            file,
            FileSources.IsAddress(file.Path) ? FileSources.OpenRead(file.Path) : null,
            stream =>
            {
                using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();

                // A page at a time, not all of a column in a group of rows.
                properties.EnableBufferedStream();
                ParquetFileReader reader = stream is null ? new(file.Path, properties) : new(stream, properties);
                try
                {
                    return new ParquetVectors(file, stream, reader);
                }
                catch (InvalidDataException)
                {
                    reader.Dispose();
                    stream?.Dispose();
                    throw;
                }
            }
        );

    /// <summary>Returns the shape: the number of rows in the file, and the length of the first vector.</summary>
    public VectorShape ReadShape()
    {
        VectorAssembler first = new(Label, static _ => { });
        ReadAll(first, () => first.RowCount == 0);
        if (first.RowCount == 0)
        {
            first.Finish();
        }

        string element = Descriptor(_column).PhysicalType switch
        {
            PhysicalType.Float => "float32",
            PhysicalType.Double => "float64",
            _ => "float16",
        };
        return first.Dimension > 0
            ? new VectorShape(Count, first.Dimension, element)
            : throw new InvalidDataException($"Expected at least one row in {Label}, found none.");
    }

    /// <summary>Writes all vectors to a .npy file.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="progress">Receives the number of rows written; may be null.</param>
    /// <param name="cancellationToken">Stops; what has been written stays.</param>
    public void CopyTo(string path, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using NpyWriter writer = new(path, ReadShape().Dimension);
        VectorAssembler rows = new(Label, writer.Append);
        ReadAll(
            rows,
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(rows.RowCount);
                return true;
            }
        );
        rows.Finish();
        writer.Complete();
        if (rows.RowCount != Count)
        {
            throw new InvalidDataException(
                $"Expected {Count:N0} rows in {Label}, as the file states, found {rows.RowCount:N0}; write it again."
            );
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream?.Dispose();
    }

    private void ReadAll(VectorAssembler rows, Func<bool> goesOn) =>
        Guard(
            _file,
            _stream,
            _ =>
            {
                for (int group = 0; group < _reader.FileMetaData.NumRowGroups && goesOn(); group++)
                {
                    ReadGroup(group, rows, goesOn);
                }

                return rows;
            }
        );

    private void ReadGroup(int group, VectorAssembler rows, Func<bool> goesOn)
    {
        using RowGroupReader groupReader = _reader.RowGroup(group);
        using ColumnReader column = groupReader.Column(_column);
        switch (column)
        {
            case ColumnReader<float> floats:
                Read(floats, rows, static values => values, goesOn);
                break;
            case ColumnReader<double> doubles:
                float[] narrowed = new float[BatchValues];
                Read(doubles, rows, values => Narrow(values, narrowed), goesOn);
                break;
            case ColumnReader<FixedLenByteArray> halves:
                float[] widened = new float[BatchValues];
                Read(halves, rows, values => Widen(values, widened), goesOn);
                break;
        }
    }

    private void Read<TValue>(
        ColumnReader<TValue> column,
        VectorAssembler rows,
        Convert<TValue> convert,
        Func<bool> goesOn
    )
        where TValue : unmanaged
    {
        short present = Descriptor(_column).MaxDefinitionLevel;
        short[] definitions = new short[BatchValues];
        short[] repetitions = new short[BatchValues];
        TValue[] values = new TValue[BatchValues];
        while (goesOn() && column.HasNext)
        {
            int levels = (int)column.ReadBatch(BatchValues, definitions, repetitions, values, out long valueCount);
            if (levels == 0)
            {
                break;
            }

            int missing = definitions.AsSpan(0, levels).IndexOfAnyExcept(present);
            int whole = missing < 0 ? levels : missing;
            rows.Add(repetitions.AsSpan(0, whole), convert(values.AsSpan(0, (int)Math.Min(whole, valueCount))));
            if (missing >= 0)
            {
                throw rows.Missing(repetitions[missing]);
            }
        }
    }

    private static ReadOnlySpan<float> Narrow(ReadOnlySpan<double> values, float[] narrowed)
    {
        for (int i = 0; i < values.Length; i++)
        {
            narrowed[i] = (float)values[i];
        }

        return narrowed.AsSpan(0, values.Length);
    }

    private static ReadOnlySpan<float> Widen(ReadOnlySpan<FixedLenByteArray> values, float[] widened)
    {
        for (int i = 0; i < values.Length; i++)
        {
            widened[i] = (float)BitConverter.Int16BitsToHalf(Marshal.ReadInt16(values[i].Pointer));
        }

        return widened.AsSpan(0, values.Length);
    }

    private ColumnDescriptor Descriptor(int column) => _reader.FileMetaData.Schema.Column(column);

    private int FindColumn()
    {
        int[] named = [.. Enumerable.Range(0, _reader.FileMetaData.Schema.NumColumns).Where(IsNamed)];
        int[] usable = [.. named.Where(IsUsable)];
        if (usable.Length == 1)
        {
            return usable[0];
        }

        string asked = _file.Tensor is { } name ? $"a column '{name}'" : "one column";
        int[] listed =
            usable.Length > 0 ? usable
            : named.Length > 0 ? named
            : [.. Enumerable.Range(0, _reader.FileMetaData.Schema.NumColumns)];
        string found =
            string.Join(", ", listed.Take(MostNamed).Select(Describe)) + (listed.Length > MostNamed ? ", ..." : "");
        string advice =
            usable.Length > 1
                ? $" name the one that is meant, as in {_file.Path}#{NameOf(usable[0])}."
                : " store each vector as a list of float32.";
        throw new InvalidDataException(
            $"Expected {asked} of lists of float16, float32 or float64 in {_file.Path}, found "
                + $"{(usable.Length > 1 ? $"{usable.Length}: " : "")}{found};{advice}"
        );
    }

    private bool IsNamed(int column) =>
        _file.Tensor is not { } name || NameOf(column) == name || Descriptor(column).Path.ToDotString() == name;

    private bool IsUsable(int column)
    {
        ColumnDescriptor descriptor = Descriptor(column);
        return descriptor.MaxRepetitionLevel == 1
            && (
                descriptor.PhysicalType is PhysicalType.Float or PhysicalType.Double
                || (
                    descriptor is { PhysicalType: PhysicalType.FixedLenByteArray, TypeLength: sizeof(short) }
                    && descriptor.LogicalType.Type == LogicalTypeEnum.Float16
                )
            );
    }

    private string NameOf(int column) => Descriptor(column).Path.ToDotVector()[0];

    private string Describe(int column)
    {
        ColumnDescriptor descriptor = Descriptor(column);
        string type =
            descriptor.LogicalType.Type == LogicalTypeEnum.Float16 ? "Float16" : descriptor.PhysicalType.ToString();
        return $"{NameOf(column)} ({(descriptor.MaxRepetitionLevel > 0 ? "lists of " : "")}{type})";
    }

    /// <summary>Calls the Parquet library, and replaces its exceptions by ones that name the file.</summary>
    private static TResult Guard<TResult>(VectorFile file, Stream? stream, Func<Stream?, TResult> read)
    {
        try
        {
            return read(stream);
        }
        catch (Exception exception) when (exception is ParquetException or OverflowException or NotSupportedException)
        {
            if (stream is RemoteStream { Failure: { } failure })
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            string reason = exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new InvalidDataException(
                $"Expected a Parquet file at {file.Path}, found one that cannot be read ({reason}); write it "
                    + $"again, or copy it again."
            );
        }
    }

    private delegate ReadOnlySpan<float> Convert<TValue>(ReadOnlySpan<TValue> values);
}
