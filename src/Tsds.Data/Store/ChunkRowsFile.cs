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
    /// <returns>Null if there is none, or a damaged one: the chunk is not finished, then.</returns>
    public static ChunkRowsFile? Read(string path)
    {
        // A count of rows that no chunk has is not read at all.
        FileInfo file = new(path);
        int shortest = Magic.Length + HashLength + KeyLength + SealedFile.SealLength;
        if (!file.Exists || file.Length < shortest || file.Length > shortest + ((ChunkKey.Rows - 1) * KeyLength))
        {
            return null;
        }

        try
        {
            return SealedFile.TryRead(path, Parse);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) =>
        SealedFile.Write(
            path,
            writer =>
            {
                writer.Write(Magic);
                writer.Write(Convert.FromHexString(Sha256));
                writer.Write(MemoryMarshal.AsBytes(Rows.AsSpan()));
            }
        );

    private static ChunkRowsFile? Parse(BinaryReader reader)
    {
        byte[] bytes = reader.ReadBytes(checked((int)reader.BaseStream.Length) - SealedFile.SealLength);
        int rowBytes = bytes.Length - Magic.Length - HashLength;
        return bytes.AsSpan().StartsWith(Magic) && rowBytes % KeyLength == 0
            ? new ChunkRowsFile(
                Convert.ToHexStringLower(bytes, Magic.Length, HashLength),
                MemoryMarshal.Cast<byte, UInt128>(bytes.AsSpan(Magic.Length + HashLength)).ToArray()
            )
            : null;
    }
}
