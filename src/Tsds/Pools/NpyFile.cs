namespace Tsds.Pools;

/// <summary>A memory-mapped .npy file of embeddings: rows of any part of it, converted to float32.</summary>
internal sealed class NpyFile : IDisposable
{
    private readonly MappedFile _map;

    private NpyFile(string path, NpyHeader header)
    {
        Path = path;
        Header = header;
        _map = new MappedFile(path);
    }

    public string Path { get; }

    public NpyHeader Header { get; }

    /// <summary>Opens a file and checks that it holds exactly what its header says.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not usable.</exception>
    public static NpyFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"Expected a .npy file at {path}, found none.");
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        NpyHeader header = NpyHeader.Read(stream, path);
        if (stream.Length != header.DataOffset + header.DataLength)
        {
            throw new InvalidDataException(
                $"Expected {header.DataOffset + header.DataLength:N0} bytes for shape ({header.Count}, {header.Dimension}) in {path}, found {stream.Length:N0}; the file is truncated or damaged, write it again.");
        }

        return new NpyFile(path, header);
    }

    /// <summary>Converts consecutive rows.</summary>
    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        int dimension = Header.Dimension;
        long rowBytes = (long)dimension * NpyHeader.ElementSize(Header.Element);
        for (int row = 0; row < rowCount; row++)
        {
            long offset = Header.DataOffset + ((first + row) * rowBytes);
            Span<float> destination = rows.Slice(row * stride, dimension);
            switch (Header.Element)
            {
                case NpyElement.Float32:
                    _map.Span<float>(offset, dimension).CopyTo(destination);
                    break;
                case NpyElement.Float16:
                    Float16.Convert(_map.Span<ushort>(offset, dimension), destination);
                    break;
                default:
                    Convert(_map.Span<double>(offset, dimension), destination);
                    break;
            }
        }
    }

    public void Dispose() => _map.Dispose();

    private static void Convert(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }
}
