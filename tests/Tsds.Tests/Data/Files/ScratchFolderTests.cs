using System.Runtime.Versioning;
using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class ScratchFolderTests : IDisposable
{
    private const string Prefix = ".scratch-";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Dispose_FilesAndFolders_AreDeletedWithIt()
    {
        using (ScratchFolder scratch = ScratchFolder.Create(_folder.Root, Prefix))
        {
            File.WriteAllText(Path.Combine(scratch.Path, "file"), "");
            Directory.CreateDirectory(Path.Combine(scratch.Path, "folder", "below"));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Create_Private_IsReadByItsOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using ScratchFolder scratch = ScratchFolder.Create(_folder.Root, Prefix, isPrivate: true);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(scratch.Path)
        );
    }

    [Fact]
    public void DeleteAbandoned_FoldersOfTheLivingAndOfOthers_AreLeft()
    {
        using ScratchFolder living = ScratchFolder.Create(_folder.Root, Prefix);
        string killed = Directory.CreateDirectory(ScratchFolder.NewPath(_folder.Root, Prefix)).FullName;
        File.WriteAllText(Path.Combine(killed, FolderLock.FileName), "");
        File.WriteAllText(Path.Combine(killed, "file"), "");
        string empty = Directory.CreateDirectory(ScratchFolder.NewPath(_folder.Root, Prefix)).FullName;
        string named = Directory.CreateDirectory(Path.Combine(_folder.Root, Prefix + "mine")).FullName;
        string filled = Directory.CreateDirectory(ScratchFolder.NewPath(_folder.Root, Prefix)).FullName;
        File.WriteAllText(Path.Combine(filled, "file"), "without a lock it is nobody's");

        List<string> restored = [];
        ScratchFolder.DeleteAbandoned(_folder.Root, Prefix, restored.Add);

        Assert.Equal([killed], restored);
        Assert.False(Directory.Exists(killed));
        Assert.False(Directory.Exists(empty));
        Assert.All([living.Path, named, filled], folder => Assert.True(Directory.Exists(folder)));
    }
}
