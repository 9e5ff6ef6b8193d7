using System.Formats.Tar;
using System.IO.Compression;

namespace Tsds.Packaging;

/// <summary>
/// Writes archives whose bytes follow from their content alone: entries in order, one time for all, nobody's name.
/// </summary>
internal static class Archive
{
    private const UnixFileMode Data =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Execute =
        Data | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // The first moment that a zip file can hold.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a <c>.tar.gz</c>.</summary>
    public static void WriteTarGz(string path, IEnumerable<PackedFile> files)
    {
        using FileStream file = File.Create(path);
        using GZipStream gzip = new(file, CompressionLevel.Optimal);
        using TarWriter tar = new(gzip, TarEntryFormat.Ustar);
        foreach (PackedFile packed in InOrder(files))
        {
            using Stream? content = packed.LinkTarget is null ? packed.Open() : null;
            tar.WriteEntry(
                packed.LinkTarget is { } target
                    ? new UstarTarEntry(TarEntryType.SymbolicLink, packed.Path)
                    {
                        LinkName = target,
                        Mode = Execute,
                        ModificationTime = Time,
                    }
                    : new UstarTarEntry(TarEntryType.RegularFile, packed.Path)
                    {
                        Mode = packed.IsProgram ? Execute : Data,
                        ModificationTime = Time,
                        DataStream = content,
                    }
            );
        }
    }

    /// <summary>Writes a <c>.zip</c>, or a wheel, which is one.</summary>
    public static void WriteZip(string path, IEnumerable<PackedFile> files)
    {
        using FileStream file = File.Create(path);
        using ZipArchive zip = new(file, ZipArchiveMode.Create);
        foreach (PackedFile packed in InOrder(files))
        {
            ZipArchiveEntry entry = zip.CreateEntry(packed.Path, CompressionLevel.Optimal);
            entry.LastWriteTime = Time;
            // A regular file with its rights, in the upper half as Unix has them.
            entry.ExternalAttributes = (int)(0x8000u | (uint)(packed.IsProgram ? Execute : Data)) << 16;
            using Stream content = packed.Open();
            using Stream target = entry.Open();
            content.CopyTo(target);
        }
    }

    private static IOrderedEnumerable<PackedFile> InOrder(IEnumerable<PackedFile> files) =>
        files.OrderBy(packed => packed.Path, StringComparer.Ordinal);
}
