using System.Security.Cryptography;

namespace Tsds.Data.Files;

/// <summary>SHA-256 of whole files, in lower-case hexadecimal.</summary>
internal static class FileHash
{
    /// <summary>
    /// The bytes that are read and hashed at a time: they stay in the second-level cache, and calls cost nothing beside
    /// them.
    /// </summary>
    private const int BlockBytes = 1 << 18;

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
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[BlockBytes];
        int read;
        while ((read = stream.Read(block)) > 0)
        {
            hash.AppendData(block, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] block = new byte[BlockBytes];
            int read;
            while ((read = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(block, 0, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    private static Stream Open(string path) =>
        FileSources.OpenRead(
            path,
            new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.SequentialScan,
            }
        );
}
