namespace Tsds.Pools;

/// <summary>A memory-mapped matrix whose rows are converted to float32 when they are read.</summary>
internal sealed class MatrixFile : IVectorSource
{
    private readonly string _label;
    private readonly MatrixLayout _layout;
    private readonly MappedFile _map;

    private MatrixFile(VectorFile file, MatrixLayout layout)
    {
        _label = file.Label;
        _layout = layout;
        _map = new MappedFile(file.Path);
    }

    public long Count => _layout.Count;

    public int Dimension => _layout.Dimension;

    /// <summary>Opens a file, and throws if its size does not match its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not usable.</exception>
    public static MatrixFile Open(VectorFile file) => new(file, MatrixLayout.Read(file));

    /// <inheritdoc/>
    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        for (int row = 0; row < rowCount; row++)
        {
            long offset = _layout.Offset + ((first + row) * _layout.RowLength);
            Convert(offset, rows.Slice(row * stride, Dimension));
        }
    }

    public string Describe(long row) => $"{_label} row {row}";

    public void Dispose() => _map.Dispose();

    private void Convert(long offset, Span<float> destination)
    {
        switch (_layout.Element)
        {
            case VectorElement.Float32:
                _map.Span<float>(offset, destination.Length).CopyTo(destination);
                break;
            case VectorElement.Float16:
                Float16.Convert(_map.Span<ushort>(offset, destination.Length), destination);
                break;
            case VectorElement.BFloat16:
                BFloat16.Convert(_map.Span<ushort>(offset, destination.Length), destination);
                break;
            default:
                Convert(_map.Span<double>(offset, destination.Length), destination);
                break;
        }
    }

    private static void Convert(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }
}
