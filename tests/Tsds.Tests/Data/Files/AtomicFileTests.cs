using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder["file"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ExistingFile_IsReplacedAtTheEnd()
    {
        File.WriteAllText(FilePath, "old");
        AtomicFile.Write(
            FilePath,
            stream =>
            {
                stream.Write("new"u8);
                stream.Flush();
                Assert.Equal("old", File.ReadAllText(FilePath));
                Assert.Contains(
                    Directory.GetFiles(_folder.Root),
                    path => AtomicFile.IsLeftover(Path.GetFileName(path)) && path == stream.Name
                );
            }
        );
        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Create_Throws_LeavesTheFileAndNothingElse()
    {
        File.WriteAllText(FilePath, "old");
        Assert.Throws<InvalidDataException>(() =>
            AtomicFile.Create(
                FilePath,
                partial =>
                {
                    File.WriteAllText(partial, "new");
                    throw new InvalidDataException();
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void WriteText_NonAscii_IsUtf8WithoutByteOrderMark()
    {
        AtomicFile.WriteText(FilePath, "é");
        Assert.Equal("é"u8.ToArray(), File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void DeleteLeftovers_KilledWrite_GoesAndOtherFilesStay()
    {
        string left = "";
        AtomicFile.Create(
            FilePath,
            partial =>
            {
                left = partial;
                File.WriteAllText(partial, "x");
            }
        );
        File.WriteAllText(left, "as a process that is killed leaves it");
        File.WriteAllText(_folder["my.partial"], "mine");
        AtomicFile.DeleteLeftovers(_folder.Root);
        Assert.Equal(
            ["file", "my.partial"],
            Directory.GetFiles(_folder.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
    }
}
