using System.Buffers.Binary;
using System.Text;
using Tsds.Packaging;

namespace Tsds.Tests.Packaging;

public sealed class PlatformTagTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("manylinux_2_17", "GLIBC_2.14", "GLIBC_2.2.5")]
    [InlineData("manylinux_2_28", "GLIBC_2.28")]
    [InlineData("manylinux_2_28", "GLIBC_2.17", "GLIBCXX_3.4.25")]
    [InlineData("manylinux_2_34", "GLIBC_2.17", "CXXABI_1.3.13", "GCC_3.0")]
    public void ManyLinux_VersionsOfSymbols_GiveTheOldestPolicy(string expected, params string[] versions)
    {
        File.WriteAllBytes(_folder["a.so"], Elf(versions));
        Assert.Equal(versions, ElfFile.ReadVersions(_folder["a.so"]));
        Assert.Equal(expected, PlatformTag.ManyLinux([_folder["a.so"]]));
    }

    [Fact]
    public void ManyLinux_VersionThatNoPolicyAllows_IsNamed()
    {
        File.WriteAllBytes(_folder["a.so"], Elf("GLIBC_2.99"));
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() =>
            PlatformTag.ManyLinux([_folder["a.so"]])
        );
        Assert.Contains("2.99", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyLinux_NoElfFile_IsNamed()
    {
        File.WriteAllText(_folder["a.so"], new string('x', 100));
        Assert.Throws<InvalidDataException>(() => PlatformTag.ManyLinux([_folder["a.so"]]));
    }

    [Theory]
    [InlineData(11, 0, "macosx_11_0_arm64")]
    [InlineData(12, 0, "macosx_12_0_arm64")]
    [InlineData(13, 3, "macosx_14_0_arm64")]
    public void Of_MacOs_IsTheLeastWholeVersionThatItRunsOn(int major, int minor, string expected)
    {
        byte[] file = new byte[32 + 24];
        BinaryPrimitives.WriteUInt32LittleEndian(file, 0xFEEDFACF);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(32), 0x32);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(36), 24);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(44), (major << 16) | (minor << 8));
        File.WriteAllBytes(_folder["a.dylib"], file);
        Assert.Equal(expected, PlatformTag.Of("osx-arm64", [_folder["a.dylib"]]));
    }

    /// <summary>Returns a file with two sections: strings, and one library with these versions.</summary>
    private static byte[] Elf(params string[] versions)
    {
        const int Header = 64;
        const int Section = 64;
        byte[] strings = Encoding.ASCII.GetBytes("\0" + string.Join('\0', versions) + "\0");
        byte[] needs = new byte[16 + (16 * versions.Length)];
        BinaryPrimitives.WriteInt16LittleEndian(needs.AsSpan(2), (short)versions.Length);
        BinaryPrimitives.WriteInt32LittleEndian(needs.AsSpan(8), 16);
        int name = 1;
        for (int i = 0; i < versions.Length; i++)
        {
            Span<byte> entry = needs.AsSpan(16 + (16 * i));
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], name);
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], i == versions.Length - 1 ? 0 : 16);
            name += versions[i].Length + 1;
        }

        byte[] file = new byte[Header + (2 * Section) + strings.Length + needs.Length];
        "\u007FELF\u0002\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(40), Header);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(58), Section);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(60), 2);
        int content = Header + (2 * Section);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(Header + 24), content);
        Span<byte> second = file.AsSpan(Header + Section);
        BinaryPrimitives.WriteInt32LittleEndian(second[4..], 0x6FFFFFFE);
        BinaryPrimitives.WriteInt64LittleEndian(second[24..], content + strings.Length);
        BinaryPrimitives.WriteInt32LittleEndian(second[44..], 1);
        strings.CopyTo(file.AsSpan(content));
        needs.CopyTo(file.AsSpan(content + strings.Length));
        return file;
    }
}
