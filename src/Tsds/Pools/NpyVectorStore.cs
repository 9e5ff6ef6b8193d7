namespace Tsds.Pools;

/// <summary>Embeddings in mapped .npy files, several of them as one.</summary>
internal sealed class NpyVectorStore : IVectorStore
{
    private readonly NpyFile[] _files;
    private readonly long[] _firstRows;

    private NpyVectorStore(NpyFile[] files)
    {
        _files = files;
        _firstRows = new long[files.Length + 1];
        for (int i = 0; i < files.Length; i++)
        {
            _firstRows[i + 1] = checked(_firstRows[i] + files[i].Header.Count);
        }
    }

    public long Count => _firstRows[^1];

    public int Dimension => _files[0].Header.Dimension;

    public static NpyVectorStore Open(IReadOnlyList<string> paths)
    {
        List<NpyFile> files = new(paths.Count);
        try
        {
            foreach (string path in paths)
            {
                files.Add(NpyFile.Open(path));
                NpyHeader first = files[0].Header;
                NpyHeader last = files[^1].Header;
                if (first.Dimension != last.Dimension)
                {
                    throw new InvalidDataException(
                        $"Expected the dimension {first.Dimension} of {files[0].Path} in {path}, found {last.Dimension}; embed all files with the same model.");
                }
            }

            return new NpyVectorStore([.. files]);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        int file = FileOf(first);
        while (rowCount > 0)
        {
            int inFile = (int)Math.Min(rowCount, _firstRows[file + 1] - first);
            _files[file].ReadRows(first - _firstRows[file], inFile, rows, stride);
            rows = inFile < rowCount ? rows[(inFile * stride)..] : rows;
            first += inFile;
            rowCount -= inFile;
            file++;
        }
    }

    public string Describe(long row)
    {
        int file = FileOf(row);
        return $"{_files[file].Path} row {row - _firstRows[file]}";
    }

    public void Dispose() => Array.ForEach(_files, file => file.Dispose());

    private int FileOf(long row)
    {
        int file = Array.BinarySearch(_firstRows, row);

        // An exact hit may be an empty file that begins where the next one does.
        file = file >= 0 ? file : ~file - 1;
        while (_firstRows[file + 1] <= row)
        {
            file++;
        }

        return file;
    }
}
