using System.Security.Cryptography;

namespace Tsds.Data.Files;

/// <summary>SHA-256 of whole files.</summary>
internal static class FileHash
{
    /// <summary>Gets the hash of a file, in lower-case hexadecimal.</summary>
    public static string Of(string path)
    {
        using FileStream stream = new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1 << 20,
            FileOptions.SequentialScan
        );
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
