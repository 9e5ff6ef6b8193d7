using System.Security.Cryptography;

namespace Tsds.Data.Files;

/// <summary>SHA-256 of whole files, in lower-case hexadecimal.</summary>
internal static class FileHash
{
    /// <summary>Gets the hash of a file.</summary>
    /// <param name="path">The file; it may be replaced meanwhile, which does not change what is hashed.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static string Of(string path)
    {
        using FileStream stream = Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Gets the hash of a file.</summary>
    /// <param name="path">The file; it may be replaced meanwhile, which does not change what is hashed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static async Task<string> OfAsync(string path, CancellationToken cancellationToken)
    {
        FileStream stream = Open(path);
        await using (stream.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(
                await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)
            );
        }
    }

    private static FileStream Open(string path) =>
        new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            1 << 20,
            FileOptions.SequentialScan
        );
}
