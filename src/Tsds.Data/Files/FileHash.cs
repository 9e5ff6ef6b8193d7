using System.Security.Cryptography;

namespace Tsds.Data.Files;

/// <summary>SHA-256 of whole files, in lower-case hexadecimal.</summary>
internal static class FileHash
{
    /// <summary>Gets the hash of a file.</summary>
    /// <param name="path">The file, or its address, whose source may know the hash. It may be replaced meanwhile, which
    /// does not change what is hashed.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static string Of(string path)
    {
        if (FileSources.KnownHashOf(path) is { } known)
        {
            return known;
        }

        using Stream stream = Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Gets the hash of a file.</summary>
    /// <param name="path">The file, or its address, whose source may know the hash. It may be replaced meanwhile, which
    /// does not change what is hashed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static async Task<string> OfAsync(string path, CancellationToken cancellationToken)
    {
        if (FileSources.KnownHashOf(path) is { } known)
        {
            return known;
        }

        Stream stream = Open(path);
        await using (stream.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(
                await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)
            );
        }
    }

    private static Stream Open(string path) =>
        FileSources.OpenRead(
            path,
            new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 1 << 20,
                Options = FileOptions.SequentialScan,
            }
        );
}
