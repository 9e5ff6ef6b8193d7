namespace Tsds.Pools;

/// <summary>The layout of a matrix within a file: little-endian elements, row after row without gaps.</summary>
/// <param name="Element">Their type.</param>
/// <param name="Count">Rows.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="Offset">Where the first element lies, in bytes from the beginning of the file.</param>
internal sealed record MatrixLayout(VectorElement Element, long Count, int Dimension, long Offset)
{
    private const int LargestDimension = 1 << 20;

    /// <summary>Gets the bytes of all elements.</summary>
    public long Length => Count * RowLength;

    public long RowLength => (long)Dimension * SizeOf(Element);

    public static int SizeOf(VectorElement element) =>
        element switch
        {
            VectorElement.Float16 or VectorElement.BFloat16 => 2,
            VectorElement.Float32 => 4,
            _ => 8,
        };

    /// <summary>
    /// Reads the layout from the header of a file, in the format of its extension, and checks it against the size of
    /// the file.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not usable.</exception>
    public static MatrixLayout Read(VectorFile file)
    {
        string format = FormatOf(file.Path);
        if (!File.Exists(file.Path))
        {
            throw new FileNotFoundException($"Expected a {format} file at {file.Path}, found none.");
        }

        if (file.Tensor is not null && format != SafetensorsHeader.Extension)
        {
            throw new InvalidDataException(
                $"Expected one tensor in {file.Path}, found that '{file.Tensor}' is asked for; {format} "
                    + $"files have no names, leave out '#{file.Tensor}'."
            );
        }

        using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return format switch
        {
            SafetensorsHeader.Extension => SafetensorsHeader.Read(stream, file),
            TorchArchive.Extension => TorchArchive.Read(stream, file.Path),
            _ => NpyHeader.Read(stream, file.Path),
        };
    }

    /// <summary>
    /// Creates a layout, and throws if a shape is invalid or so large that a later product would overflow.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not one of embeddings.</exception>
    public static MatrixLayout Create(VectorElement element, ReadOnlySpan<long> shape, long offset, string label)
    {
        if (shape.Length != 2)
        {
            throw new InvalidDataException(
                $"Expected a 2-D array of shape (rows, dimension) in {label}, found shape "
                    + $"({string.Join(", ", shape.ToArray())})."
            );
        }

        (long count, long dimension) = (shape[0], shape[1]);
        return dimension is < 1 or > LargestDimension || count < 0 || count > long.MaxValue / 16 / dimension
            ? throw new InvalidDataException(
                $"Expected a dimension from 1 to {LargestDimension} in {label}, found shape ({count}, {dimension})."
            )
            : new MatrixLayout(element, count, (int)dimension, offset);
    }

    private static string FormatOf(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            SafetensorsHeader.Extension => SafetensorsHeader.Extension,
            TorchArchive.Extension or ".pth" => TorchArchive.Extension,
            _ => ".npy",
        };
}
