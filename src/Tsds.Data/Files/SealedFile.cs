using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.Data.Files;

/// <summary>A file that ends with the SHA-256 of all before: it is whole, or it counts as damaged.</summary>
internal static class SealedFile
{
    private const int SealLength = SHA256.HashSizeInBytes;

    /// <summary>An array is moved this many elements at a time: spans of bytes end at 2 GiB.</summary>
    private const int Chunk = 1 << 20;

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write(string path, Action<BinaryWriter> write)
    {
        string partial = PartialFile.NameFor(path);
        using (FileStream stream = new(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
        {
            using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
            {
                write(writer);
            }

            stream.Position = 0;
            byte[] seal = SHA256.HashData(stream);
            stream.Write(seal);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads the seal of a whole file.</summary>
    /// <returns>The hash of all before it, lower-case hex; null where the file is damaged.</returns>
    public static string? ReadSeal(string path)
    {
        using FileStream stream = new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            1 << 16,
            FileOptions.SequentialScan
        );
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long left = stream.Length - SealLength;
        while (left > 0)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                return null;
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        byte[] seal = new byte[SealLength];
        return
            left == 0
            && stream.ReadAtLeast(seal, SealLength, throwOnEndOfStream: false) == SealLength
            && hash.GetHashAndReset().AsSpan().SequenceEqual(seal)
            ? Convert.ToHexStringLower(seal)
            : null;
    }

    /// <summary>Reads what a whole file holds.</summary>
    public static T Read<T>(string path, Func<BinaryReader, T> read)
    {
        using BinaryReader reader = new(File.OpenRead(path), Encoding.UTF8);
        return read(reader);
    }

    public static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        for (int first = 0; first < values.Length; first += Chunk)
        {
            writer.Write(MemoryMarshal.AsBytes(values.Slice(first, Math.Min(Chunk, values.Length - first))));
        }
    }

    public static T[] ReadArray<T>(this BinaryReader reader)
        where T : unmanaged
    {
        int length = reader.ReadInt32();
        if (length < 0 || (long)length * Unsafe.SizeOf<T>() > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new EndOfStreamException();
        }

        T[] values = new T[length];
        for (int first = 0; first < values.Length; first += Chunk)
        {
            reader.BaseStream.ReadExactly(
                MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(Chunk, values.Length - first)))
            );
        }

        return values;
    }
}
