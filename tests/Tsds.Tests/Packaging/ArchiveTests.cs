using System.IO.Compression;
using Tsds.Packaging;

namespace Tsds.Tests.Packaging;

public sealed class ArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_SameContentOfOtherTimesInOtherOrder_GivesTheSameBytes(bool isZip)
    {
        File.WriteAllText(_folder["a"], "first");
        File.WriteAllText(_folder["b"], new string('b', 10_000));
        PackedFile[] files = [new("x/a", _folder["a"]), new("x/B", _folder["b"]) { IsProgram = true }];
        byte[] first = Write(files, isZip);
        File.SetLastWriteTimeUtc(_folder["a"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(first, Write([.. files.Reverse()], isZip));
        File.WriteAllText(_folder["a"], "other");
        Assert.NotEqual(first, Write(files, isZip));
    }

    [Fact]
    public void WriteZip_Program_MayBeRun()
    {
        File.WriteAllText(_folder["a"], "first");
        Write([new("a", _folder["a"]) { IsProgram = true }, new("b", null, "text")], isZip: true);
        using ZipArchive zip = ZipFile.OpenRead(_folder["out"]);
        Assert.Equal(0x81EDu, (uint)zip.GetEntry("a")!.ExternalAttributes >> 16);
        Assert.Equal(0x81A4u, (uint)zip.GetEntry("b")!.ExternalAttributes >> 16);
    }

    private byte[] Write(PackedFile[] files, bool isZip)
    {
        if (isZip)
        {
            Archive.WriteZip(_folder["out"], files);
        }
        else
        {
            Archive.WriteTarGz(_folder["out"], files);
        }

        return File.ReadAllBytes(_folder["out"]);
    }
}
