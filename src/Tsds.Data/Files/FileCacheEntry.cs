using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Tsds.Data.Files;

/// <summary>The blocks of one file at an address that are on disk, each with a checksum.</summary>
/// <remarks>
/// A folder with <c>about.json</c>, <c>data</c> with the ending of the file, and <c>blocks</c>: eight bytes for each
/// block, 0 until it is there. Several processes may fill it at once: they write the same.
/// </remarks>
internal sealed partial class FileCacheEntry : IDisposable
{
    public const string AboutName = "about.json";

    private const string MarksName = "blocks";
    private const string DataName = "data";
    private const int MarkBytes = sizeof(long);
    private const long PresentBit = 1L << 32;

    private readonly FolderLock _lock;
    private readonly SafeFileHandle _data;
    private readonly SafeFileHandle _marks;

    private FileCacheEntry(string folder, RemoteFile file, FolderLock folderLock)
    {
        _lock = folderLock;
        DataPath = Path.Combine(folder, DataName + Path.GetExtension(file.Address.Split('?')[0]));
        string marks = Path.Combine(folder, MarksName);
        _data = File.OpenHandle(DataPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _marks = File.OpenHandle(marks, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (RandomAccess.GetLength(_data) != file.Bytes)
        {
            RandomAccess.SetLength(_data, file.Bytes);
        }
    }

    /// <summary>Gets the path of the file that has the content once all blocks are there.</summary>
    public string DataPath { get; }

    /// <summary>Opens an entry and says that it is used now.</summary>
    public static FileCacheEntry Open(string folder, RemoteFile file)
    {
        Directory.CreateDirectory(folder);
        FolderLock shared = FolderLock.Share(folder);
        try
        {
            string about = Path.Combine(folder, AboutName);
            if (File.Exists(about))
            {
                File.SetLastWriteTimeUtc(about, DateTime.UtcNow);
            }
            else
            {
                About record = new(file.Address, file.Version, file.Bytes);
                AtomicFile.Write(about, stream => JsonFile.Write(stream, record, AboutJson.Default.About));
            }

            return new FileCacheEntry(folder, file, shared);
        }
        catch
        {
            shared.Dispose();
            throw;
        }
    }

    /// <summary>Reads what is known of an entry.</summary>
    /// <returns>Null if it is not one.</returns>
    public static (About About, long BytesOnDisk, DateTime LastUsed)? TryDescribe(string folder)
    {
        string path = Path.Combine(folder, AboutName);
        string marks = Path.Combine(folder, MarksName);
        if (!File.Exists(path))
        {
            return null;
        }

        About about = JsonFile.Read(path, AboutJson.Default.About);
        DateTime lastUsed = File.GetLastWriteTimeUtc(path);
        if (!File.Exists(marks))
        {
            // A copy that its source keeps whole.
            return (about, new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length), lastUsed);
        }

        byte[] all = File.ReadAllBytes(marks);
        long present = 0;
        for (int i = 0; i + MarkBytes <= all.Length; i += MarkBytes)
        {
            present += BinaryPrimitives.ReadInt64LittleEndian(all.AsSpan(i)) == 0 ? 0 : 1;
        }

        return (about, Math.Min(present * RemoteBlocks.BlockBytes, about.Bytes), lastUsed);
    }

    /// <summary>Writes what a folder is a copy of, so that it is listed and removed as other entries are.</summary>
    public static void Describe(string folder, About about) =>
        AtomicFile.Write(
            Path.Combine(folder, AboutName),
            stream => JsonFile.Write(stream, about, AboutJson.Default.About)
        );

    /// <summary>Reads a block.</summary>
    /// <returns>False if it is not there whole.</returns>
    public bool TryRead(long block, Span<byte> content)
    {
        Span<byte> mark = stackalloc byte[MarkBytes];
        if (RandomAccess.Read(_marks, mark, block * MarkBytes) < MarkBytes)
        {
            return false;
        }

        long known = BinaryPrimitives.ReadInt64LittleEndian(mark);
        int read = 0;
        while (known != 0 && read < content.Length)
        {
            int more = RandomAccess.Read(_data, content[read..], (block * RemoteBlocks.BlockBytes) + read);
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        return known != 0 && known == MarkOf(content);
    }

    /// <summary>Writes a block.</summary>
    public void Write(long block, ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(_data, content, block * RemoteBlocks.BlockBytes);
        Span<byte> mark = stackalloc byte[MarkBytes];
        BinaryPrimitives.WriteInt64LittleEndian(mark, MarkOf(content));
        RandomAccess.Write(_marks, mark, block * MarkBytes);
    }

    /// <summary>Closes the files; the entry stays.</summary>
    public void Dispose()
    {
        _data.Dispose();
        _marks.Dispose();
        _lock.Dispose();
    }

    private static long MarkOf(ReadOnlySpan<byte> content)
    {
        uint checksum = uint.MaxValue;
        while (content.Length >= sizeof(ulong))
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (byte value in content)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return PresentBit | checksum;
    }

    /// <summary>The file that an entry is of.</summary>
    /// <param name="Address">Its address.</param>
    /// <param name="Version">Its revision or ETag.</param>
    /// <param name="Bytes">Its size.</param>
    internal sealed record About(string Address, string? Version, long Bytes);

    [JsonSerializable(typeof(About))]
    private sealed partial class AboutJson : JsonSerializerContext;
}
