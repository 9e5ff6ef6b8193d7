using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Tsds.Packaging;

/// <summary>Reads every file of an archive, a wheel or a package of .NET.</summary>
internal static class PackageReader
{
    /// <summary>The number of bytes that are kept of a file: all of a text, and the header of a library.</summary>
    public const int StartBytes = 1 << 20;

    private const UnixFileMode Run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Returns the files in the order in which they stand in the package.</summary>
    public static IReadOnlyList<PackageEntry> Read(string path) =>
        path.EndsWith(".tar.gz", StringComparison.Ordinal) ? ReadTarGz(path) : ReadZip(path);

    private static List<PackageEntry> ReadTarGz(string path)
    {
        using FileStream file = File.OpenRead(path);
        using GZipStream gzip = new(file, CompressionMode.Decompress);
        using TarReader tar = new(gzip);
        List<PackageEntry> entries = [];
        while (tar.GetNextEntry() is { } entry)
        {
            string? link = entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : null;
            entries.Add(Read(entry.Name, (entry.Mode & Run) == Run, link, entry.DataStream ?? Stream.Null));
        }

        return entries;
    }

    private static List<PackageEntry> ReadZip(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        List<PackageEntry> entries = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream content = entry.Open();
            UnixFileMode mode = (UnixFileMode)((entry.ExternalAttributes >> 16) & 0xFFF);
            entries.Add(Read(entry.FullName, (mode & Run) == Run, null, content));
        }

        return entries;
    }

    private static PackageEntry Read(string path, bool isProgram, string? link, Stream content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[StartBytes];
        long length = 0;
        byte[] start = [];
        for (int read; (read = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0; )
        {
            start = length == 0 ? block[..read] : start;
            hash.AppendData(block, 0, read);
            length += read;
        }

        return new PackageEntry(path, isProgram, link, length, hash.GetHashAndReset(), start);
    }
}
