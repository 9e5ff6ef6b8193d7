using System.Buffers.Binary;

namespace Tsds.Packaging;

/// <summary>The system and the processor that a native file says in its first bytes to be made for.</summary>
internal static class NativeFormat
{
    /// <summary>Gets how many bytes at the beginning of a file are read.</summary>
    public const int HeaderBytes = 4_096;

    /// <summary>
    /// Returns the runtime identifier of the platform, such as <c>linux-x64</c>, or null for a file that is no program
    /// and no library of a platform that is published for.
    /// </summary>
    /// <param name="start">The first bytes of the file, at most <see cref="HeaderBytes"/> of them.</param>
    public static string? Of(ReadOnlySpan<byte> start) =>
        start.Length < 64 ? null
        : start.StartsWith("\u007FELF\u0002\u0001"u8) ? OfElf(start)
        : Word(start) == 0xFEEDFACF ? OfMachO(start)
        : start.StartsWith("MZ"u8) ? OfPortableExecutable(start)
        : null;

    private static string? OfElf(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadUInt16LittleEndian(start[18..]) switch
        {
            62 => "linux-x64",
            183 => "linux-arm64",
            _ => null,
        };

    private static string? OfMachO(ReadOnlySpan<byte> start) => Word(start[4..]) == 0x0100000C ? "osx-arm64" : null;

    // The header that Windows reads stands where the one of MS-DOS says.
    private static string? OfPortableExecutable(ReadOnlySpan<byte> start)
    {
        long header = Word(start[60..]);
        return
            header + 6 <= start.Length
            && start[(int)header..].StartsWith("PE\0\0"u8)
            && BinaryPrimitives.ReadUInt16LittleEndian(start[((int)header + 4)..]) == 0x8664
            ? "win-x64"
            : null;
    }

    private static uint Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
