using System.Text;

namespace Tsds.Data.Containers;

/// <summary>
/// Reads the records of a table of cells that does not quote: a quotation mark is text, a record is a line, and a
/// separator always ends a cell.
/// </summary>
internal sealed class UnquotedRecordReader(UnpackedStream file, string name, char separator, int maxRowBytes)
    : IRecordReader
{
    private readonly LineReader _lines = new(file, maxRowBytes);
    private CellRow? _row;

    /// <inheritdoc/>
    public string Unit => "row";

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _lines.BytesRead;

    /// <inheritdoc/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        if (_row is null && TryReadLine(out ReadOnlyMemory<byte> header, out problem))
        {
            _row = new CellRow(
                problem is null
                    ? Encoding.UTF8.GetString(header.Span).Split(separator)
                    : throw new InvalidDataException($"{name}: {problem}."),
                name
            );
        }

        record = default;
        if (_row is null || !TryReadLine(out ReadOnlyMemory<byte> line, out problem))
        {
            problem = null;
            return false;
        }

        Number++;
        if (problem is null)
        {
            _row.Begin();
            foreach (Range cell in line.Span.Split((byte)separator))
            {
                _row.Add(line.Span[cell]);
            }

            problem = _row.End();
        }

        record = problem is null ? _row.Json : default;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _row?.Dispose();
    }

    /// <summary>Reads the next line that is not empty, as the reader of quoted cells does.</summary>
    private bool TryReadLine(out ReadOnlyMemory<byte> line, out string? problem)
    {
        do
        {
            if (!_lines.TryRead(out line, out problem))
            {
                return false;
            }
        } while (line.IsEmpty && problem is null);

        return true;
    }
}
