using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.Data.Files;

/// <summary>A file that ends with the SHA-256 of all bytes before; a file without it counts as damaged.</summary>
internal static class SealedFile
{
    /// <summary>The bytes of the hash at the end.</summary>
    public const int SealLength = SHA256.HashSizeInBytes;

    /// <summary>The number of elements of an array that are copied at a time, as spans of bytes end at 2 GiB.</summary>
    private const int Chunk = 1 << 20;

    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="write">Writes what stands before the seal.</param>
    public static void Write(string path, Action<BinaryWriter> write) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
                {
                    write(writer);
                }

                stream.Position = 0;
                stream.Write(SHA256.HashData(stream));
            }
        );

    /// <summary>Gets the seal of a file after checking it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The hash of all before it, in lower-case hexadecimal; null if the file is damaged.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static string? ReadSeal(string path)
    {
        using FileStream stream = Open(path);
        return CheckSeal(stream);
    }

    /// <summary>Reads a file after checking its seal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the content; the stream below it is as long as the file, seal included.</param>
    /// <returns>What was read; null if the file is damaged, or ends before all was read.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static T? TryRead<T>(string path, Func<BinaryReader, T?> read)
        where T : class
    {
        using FileStream stream = Open(path);
        if (CheckSeal(stream) is null)
        {
            return null;
        }

        stream.Position = 0;
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            return read(reader);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Writes the length of an array and its elements, as they lie in memory.</summary>
    public static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        for (int first = 0; first < values.Length; first += Chunk)
        {
            writer.Write(MemoryMarshal.AsBytes(values.Slice(first, Math.Min(Chunk, values.Length - first))));
        }
    }

    /// <summary>Reads an array that <see cref="WriteArray"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The length is more than the file holds; nothing is allocated.</exception>
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

    private static FileStream Open(string path) =>
        new(
            FileSources.Localize(path),
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            1 << 16,
            FileOptions.SequentialScan
        );

    private static string? CheckSeal(FileStream stream)
    {
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
}
