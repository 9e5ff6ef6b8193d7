using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>
/// The small file beside a chunk's .npy file, with the text hash of each row and the hash of the vectors.
/// </summary>
/// <param name="Sha256">The hash of the .npy file.</param>
/// <param name="Rows">The key of each row's text.</param>
/// <remarks>
/// Magic "TSDSROW1", the SHA-256 of the .npy file, 16 bytes a row, SHA-256 of all before. It is written last: a chunk
/// with a whole one is finished.
/// </remarks>
internal sealed record ChunkRowsFile(string Sha256, UInt128[] Rows)
{
    public const string Extension = ".rows";

    private const int HashLength = SHA256.HashSizeInBytes;
    private const int KeyLength = 16;

    private static ReadOnlySpan<byte> Magic => "TSDSROW1"u8;

    /// <summary>Reads a file, or returns null if it is missing or damaged.</summary>
    /// <returns>Null where there is none, or a damaged one: the chunk is not finished, then.</returns>
    public static ChunkRowsFile? Read(string path)
    {
        byte[] bytes;
        try
        {
            // A count of rows that no chunk has is not read at all.
            FileInfo file = new(path);
            int longest = Magic.Length + HashLength + (ChunkKey.Rows * KeyLength) + HashLength;
            if (!file.Exists || file.Length > longest)
            {
                return null;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        int rowBytes = bytes.Length - Magic.Length - (2 * HashLength);
        if (rowBytes < KeyLength || rowBytes % KeyLength != 0 || !bytes.AsSpan().StartsWith(Magic))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[HashLength];
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashLength), hash);
        return bytes.AsSpan(bytes.Length - HashLength).SequenceEqual(hash)
            ? new ChunkRowsFile(
                Convert.ToHexStringLower(bytes, Magic.Length, HashLength),
                MemoryMarshal.Cast<byte, UInt128>(bytes.AsSpan(Magic.Length + HashLength, rowBytes)).ToArray()
            )
            : null;
    }

    public void Write(string path)
    {
        byte[] content = [.. Magic, .. Convert.FromHexString(Sha256), .. MemoryMarshal.AsBytes(Rows.AsSpan())];
        string partial = PartialFile.NameFor(path);
        File.WriteAllBytes(partial, [.. content, .. SHA256.HashData(content)]);
        File.Move(partial, path, overwrite: true);
    }
}
