using System.Buffers;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Inspect;

/// <summary>Rows with a copy of their bytes, passed from the reader to the counters.</summary>
internal sealed class RowBatch
{
    private const int MaxRows = 512;
    private const int MaxBytes = 1 << 20;

    private readonly List<(string Text, int End)> _rows = new(MaxRows);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(MaxBytes);

    /// <summary>Gets the number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Gets a value indicating whether it is time to hand the batch on.</summary>
    public bool IsFull => _rows.Count == MaxRows || End >= MaxBytes / 2;

    private int End => _rows.Count == 0 ? 0 : _rows[^1].End;

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row; its bytes are copied.</param>
    public void Add(in Row row)
    {
        int start = End;
        int end = start + row.Utf8.Length;
        if (end > _bytes.Length)
        {
            byte[] longer = ArrayPool<byte>.Shared.Rent(end);
            _bytes.AsSpan(0, start).CopyTo(longer);
            Return();
            _bytes = longer;
        }

        row.Utf8.Span.CopyTo(_bytes.AsSpan(start));
        _rows.Add((row.Text, end));
    }

    /// <summary>Gets the bytes of a row.</summary>
    /// <param name="index">Its position.</param>
    /// <returns>One JSON object.</returns>
    public ReadOnlySpan<byte> JsonOf(int index) =>
        _bytes.AsSpan((index == 0 ? 0 : _rows[index - 1].End).._rows[index].End);

    /// <summary>Gets the text of a row.</summary>
    /// <param name="index">Its position.</param>
    /// <returns>The text that would be embedded.</returns>
    public string TextOf(int index) => _rows[index].Text;

    /// <summary>Returns the memory to the array pool; the batch must not be used afterwards.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(_bytes);
}
