namespace Tsds.Pools;

/// <summary>
/// The rows of several files side by side, each scaled to the root of its weight: see <see cref="VectorSource"/>.
/// </summary>
internal sealed class CombinedRows : IVectorSource
{
    private readonly MatrixFile[] _files;
    private readonly double[] _lengths;

    private CombinedRows(MatrixFile[] files, double[] lengths)
    {
        _files = files;
        _lengths = lengths;
        Dimension = files.Sum(file => file.Dimension);
    }

    public long Count => _files[0].Count;

    public int Dimension { get; }

    public static CombinedRows Open(VectorSource source)
    {
        List<MatrixFile> files = new(source.Files.Count);
        try
        {
            foreach (VectorFile file in source.Files)
            {
                files.Add(MatrixFile.Open(file));
                if (files[^1].Count != files[0].Count)
                {
                    throw new InvalidDataException(
                        $"Expected the {files[0].Count:N0} rows of {source.Files[0].Label} in {file.Label}, "
                            + $"found {files[^1].Count:N0}; combined files must describe the same rows in the same "
                            + $"order."
                    );
                }
            }

            return new CombinedRows([.. files], [.. source.Weights.Select(Math.Sqrt)]);
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        int column = 0;
        for (int i = 0; i < _files.Length; i++)
        {
            MatrixFile file = _files[i];
            file.ReadRows(first, rowCount, rows[column..], stride);
            for (int row = 0; row < rowCount; row++)
            {
                if (
                    RowNormalizer.ScaleTo(rows.Slice((row * stride) + column, file.Dimension), _lengths[i]) is
                    { } problem
                )
                {
                    throw new InvalidDataException(file.Describe(first + row) + problem);
                }
            }

            column += file.Dimension;
        }
    }

    /// <inheritdoc/>
    public string Describe(long row) => string.Join(" and ", _files.Select(file => file.Describe(row)));

    public void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
