using System.Globalization;
using CsvHelper;

namespace Tsds.Data.Containers;

/// <summary>
/// Reads the records of a table of cells, each as an object with the header's names and the cells as strings.
/// </summary>
internal sealed class CsvRecordReader : IRecordReader
{
    private readonly UnpackedStream _file;
    private readonly string _name;
    private readonly int _maxRowBytes;
    private readonly CsvReader _reader;
    private CellRow? _row;
    private CsvMalformedReason? _malformed;

    /// <summary>Initializes a new instance of the <see cref="CsvRecordReader"/> class.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="separator">What separates cells.</param>
    /// <param name="maxRowBytes">The longest record to return, in bytes.</param>
    public CsvRecordReader(UnpackedStream file, string name, char separator, int maxRowBytes)
    {
        _file = file;
        _name = name;
        _maxRowBytes = maxRowBytes;
        _reader = CsvReader.Create(
            file,
            new CsvReaderOptions
            {
                Separator = separator,
                DetectSeparatorHint = false,
                MaxRecordSize = maxRowBytes,
                OnMalformedRecord = record => _malformed = record.Reason,
            },
            leaveOpen: true
        );
    }

    /// <inheritdoc/>
    public string Unit => "row";

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <inheritdoc/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        record = default;
        problem = null;
        try
        {
            _row ??= new CellRow(_reader.Headers, _name);
            _malformed = null;
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_name}, row {Number + 1}: expected a table of cells, each row of at most "
                        + $"{_maxRowBytes} bytes, found an error: {e.Message.TrimEnd('.')}."
                )
            );
        }

        Number++;
        if (_malformed == CsvMalformedReason.UnterminatedQuote)
        {
            // It reaches to the end of the file, whether the quote or the rest of the file is what is missing.
            throw new InvalidDataException(
                $"{_name}, row {Number}: expected a closing quote, found the end of the file. Correct the "
                    + $"cell, or fetch the file again; a file that does not quote is read with --csv-quote none."
            );
        }

        problem =
            _malformed == CsvMalformedReason.TextAfterClosingQuote
                ? "expected a separator or the end of the row after a closing quote, found text; quotes within a cell "
                    + "are doubled, and files that do not quote are read with --csv-quote none"
                : Render(_row);
        record = problem is null ? _row.Json : default;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _row?.Dispose();
    }

    private string? Render(CellRow row)
    {
        row.Begin();
        for (int i = 0; i < _reader.FieldCount; i++)
        {
            row.Add(_reader.GetSpan(i));
        }

        return row.End();
    }
}
