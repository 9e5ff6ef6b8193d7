using System.Buffers.Binary;
using System.Text;

namespace Tsds.Packaging;

/// <summary>The versions of symbols that a 64-bit ELF file takes from the libraries of a Linux system.</summary>
internal static class ElfFile
{
    private const uint VersionNeeds = 0x6FFFFFFE;

    /// <summary>Returns the versions, such as <c>GLIBC_2.27</c>.</summary>
    /// <exception cref="InvalidDataException">The file is not a 64-bit little-endian ELF file.</exception>
    public static IReadOnlyList<string> ReadVersions(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual("\u007FELF\u0002\u0001"u8))
        {
            throw new InvalidDataException($"Expected a 64-bit ELF file, found {path}.");
        }

        // Each section: name, type at 4, offset at 24, the section with its strings at 40, the number of entries at 44.
        int sections = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(40));
        int size = Half(file, 58);
        List<string> versions = [];
        for (int i = 0; i < Half(file, 60); i++)
        {
            int section = sections + (i * size);
            if ((uint)Word(file, section + 4) == VersionNeeds)
            {
                int strings = Offset(file, sections + (Word(file, section + 40) * size));
                Read(file, Offset(file, section), Word(file, section + 44), strings, versions);
            }
        }

        return versions;
    }

    // Libraries: entries at 2, the first entry at 8, the next library at 12. Entries: name at 8, the next one at 12.
    private static void Read(byte[] file, int library, int count, int strings, List<string> versions)
    {
        for (int i = 0; i < count; i++)
        {
            int entry = library + Word(file, library + 8);
            for (int j = 0; j < Half(file, library + 2); j++)
            {
                int name = strings + Word(file, entry + 8);
                int length = file.AsSpan(name).IndexOf((byte)0);
                versions.Add(Encoding.ASCII.GetString(file, name, length));
                entry += Word(file, entry + 12);
            }

            library += Word(file, library + 12);
        }
    }

    private static int Offset(byte[] file, int section) =>
        (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(section + 24));

    private static int Word(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    private static int Half(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
}
