using System.Security.Cryptography;

namespace Tsds.Data.Rows;

/// <summary>Files of ready-made embeddings, with their hashes.</summary>
/// <param name="Files">What is known of each.</param>
internal sealed record VectorFiles(IReadOnlyList<InputFile> Files)
{
    /// <summary>Gets what tells these embeddings from others: the hashes of the files, in order.</summary>
    public string Identity => string.Join('+', Files.Select(file => file.Sha256));

    public long RowCount => Files.Sum(file => file.Rows);

    public static VectorFiles Describe(IReadOnlyList<string> paths) => new([.. paths.Select(Describe)]);

    private static InputFile Describe(string path)
    {
        NpyShape shape = Npy.ReadShape(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return new InputFile
        {
            Path = path,
            Bytes = stream.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream)),
            Rows = shape.Count,
            SkippedRows = 0,
            Schema = "",
            Schemas = new Dictionary<string, long>(),
        };
    }
}
