namespace Tsds.Data.Containers;

/// <summary>
/// Finds why a file cannot hold rows from its first bytes, where these tell more than a decoder would.
/// </summary>
internal static class FileCauses
{
    private static readonly string[] ForeignPackings = [".xz", ".bz2"];

    /// <summary>Returns why a file cannot be read, with what to do.</summary>
    /// <param name="head">Its first bytes; up to 32.</param>
    /// <param name="packing">The compression that its name promises.</param>
    /// <returns>The sentence after the name of the file, or null.</returns>
    public static string? Find(ReadOnlySpan<byte> head, RowPacking packing)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']))
        {
            return "expected a file that is plain or compressed with gzip or Zstandard, found xz. Unpack it with "
                + "'xz --decompress', or compress it with gzip or zstd.";
        }

        if (head.StartsWith("BZh"u8))
        {
            return "expected a file that is plain or compressed with gzip or Zstandard, found bzip2. Unpack it with "
                + "'bzip2 --decompress', or compress it with gzip or zstd.";
        }

        if (head.StartsWith("version https://git-lfs"u8))
        {
            return "expected rows, found a Git LFS pointer: the file itself was not fetched. Fetch it with "
                + "'git lfs pull'.";
        }

        bool isUtf16 =
            head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || (head.Length > 3 && head[0] is (byte)'{' or (byte)'[' && head[1] == 0 && head[3] == 0);
        if (isUtf16)
        {
            return "expected UTF-8, found UTF-16. Convert it with 'iconv -f UTF-16 -t UTF-8'.";
        }

        bool isPlain = head.Length > 0 && head[0] is (byte)'{' or (byte)'[';
        return isPlain && packing != RowPacking.None
            ? $"expected {(packing == RowPacking.Gzip ? "gzip" : "Zstandard")}, as the name says, "
                + $"found plain text. Take "
                + "the ending of the compression off the name."
            : null;
    }

    /// <summary>Returns a file name without the ending of a compression that is not read.</summary>
    /// <param name="path">The file.</param>
    public static string WithoutForeignPacking(string path) =>
        ForeignPackings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            is { } ending
            ? path[..^ending.Length]
            : path;
}
