using System.Collections.Concurrent;
using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class StagedFolderTests : IDisposable
{
    private static readonly string[] Names = ["rows", "report", "manifest"];

    private readonly TempFolder _folder = new();
    private readonly TempFolder _copies = new();
    private int _copyCount;

    private string Out => _folder["out"];

    public void Dispose()
    {
        _folder.Dispose();
        _copies.Dispose();
    }

    [Fact]
    public void Commit_NewFolder_AppearsWhole()
    {
        using (StagedFolder folder = StagedFolder.Create(Out, force: false, Names))
        {
            File.WriteAllText(folder.PathOf("manifest"), "m");
            File.WriteAllText(folder.PathOf("rows"), "r");
            File.WriteAllText(folder.ScratchPathOf("copy"), "s");
            Assert.False(Directory.Exists(Out));
            Assert.Equal(["rows", "manifest"], folder.Written());
            Assert.Equal([Path.Combine(Out, "rows"), Path.Combine(Out, "manifest")], folder.Commit());
        }

        Assert.Equal(["out/manifest=m", "out/rows=r"], Content(_folder.Root));
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        using (StagedFolder folder = StagedFolder.Create(Out))
        {
            File.WriteAllText(folder.PathOf("rows"), "r");
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));

        Directory.CreateDirectory(Path.Combine(Out, $".out.partial-{Guid.NewGuid():N}"));
        StagedFolder.Create(Out, force: false, Names).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Out));
    }

    /// <summary>
    /// What a killed process leaves is removed by the next run because of its name: nothing may have another one.
    /// </summary>
    [Fact]
    public void Create_EverythingThatIsMade_HasTheNameOfWhatTheNextRunRemoves()
    {
        Directory.CreateDirectory(Out);
        ConcurrentBag<string> made = [];
        using (FileSystemWatcher watcher = new(_folder.Root) { IncludeSubdirectories = true })
        {
            using SemaphoreSlim last = new(0);
            watcher.Created += (_, change) =>
            {
                made.Add(change.Name!);
                if (change.Name == "last")
                {
                    last.Release();
                }
            };
            watcher.EnableRaisingEvents = true;
            StagedFolder.Create(Out, force: false, Names).Dispose();
            _folder.Write("last", "");
            Assert.True(last.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        }

        Assert.Contains(made, name => name.StartsWith("out/.out.partial-", StringComparison.Ordinal));
        Assert.All(
            made.Where(name => name != "last"),
            name => Assert.Contains(".out.partial-", name, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Commit_Forced_ReplacesItsFilesAndNoOthers()
    {
        Write("rows", "old", "report", "old", "manifest", "old", "notes", "mine");
        Replace();
        Assert.Equal(["out/manifest=new", "out/notes=mine", "out/rows=new"], Content(_folder.Root));
    }

    [Fact]
    public void Create_FolderWithFiles_IsRefusedUnlessForced()
    {
        Write("notes", "mine");
        Assert.Contains(
            "to be empty",
            Assert.Throws<IOException>(() => StagedFolder.Create(Out, force: false, Names)).Message,
            StringComparison.Ordinal
        );
        StagedFolder.Create(Out, force: true, Names).Dispose();
        StagedFolder.Create(Out).Dispose();
        Assert.Equal(["out/notes=mine"], Content(_folder.Root));
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/new")]
    public void Create_FolderThatCannotBeWrittenTo_IsRefusedBeforeAnyWork(string path)
    {
        // Nobody can make a file there, not even root.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /sys.");
        string message = Assert.Throws<IOException>(() => StagedFolder.Create(path, force: true, Names)).Message;
        Assert.Contains("that can be written to at /", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EmptyFolderOfAProcessKilledBeforeItsLock_IsRemoved()
    {
        Directory.CreateDirectory(_folder[$".out.partial-{Guid.NewGuid():N}"]);
        StagedFolder.Create(Out).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Create_FileInPlaceOfTheFolder_IsRefused()
    {
        File.WriteAllText(Out, "mine");
        Assert.Contains(
            "found a file",
            Assert.Throws<IOException>(() => StagedFolder.Create(Out, force: true, Names)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "found a file",
            Assert.Throws<IOException>(() => StagedFolder.Create(Out)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["out=mine"], Content(_folder.Root));
    }

    [Fact]
    public void Create_TwiceAtOnce_NeitherDisturbsTheOther()
    {
        using StagedFolder first = StagedFolder.Create(Out);
        File.WriteAllText(first.PathOf("a"), "1");
        using StagedFolder second = StagedFolder.Create(Out);
        File.WriteAllText(second.PathOf("b"), "2");
        second.Commit();
        first.Commit();
        Assert.Equal("1", File.ReadAllText(Path.Combine(Out, "a")));
        Assert.Equal("2", File.ReadAllText(Path.Combine(Out, "b")));
    }

    /// <summary>
    /// A copy of the disk between any two changes is what a process killed there leaves, as a copy has no lock.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Commit_KilledBetweenTwoChanges_IsPutBackByTheNextRun(bool adds)
    {
        Write("rows", "old", "report", "old", "manifest", "old", "notes", "mine");
        string[] before = Content(Out);
        List<string> killed = [];
        string[] after;
        using (StagedFolder folder = adds ? StagedFolder.Create(Out) : StagedFolder.Create(Out, force: true, Names))
        {
            File.WriteAllText(folder.PathOf("rows"), "new");
            File.WriteAllText(folder.PathOf("manifest"), "new");
            if (adds)
            {
                Directory.CreateDirectory(folder.PathOf("data/deep"));
                File.WriteAllText(folder.PathOf("data/deep/part"), "new");
            }

            folder.Commit(() => killed.Add(Copy(_folder.Root)));
            after = Content(Out);
        }

        Assert.NotEqual(before, after);
        Assert.Equal(adds ? 7 : 5, killed.Count);
        foreach (string root in killed)
        {
            string path = Path.Combine(root, "out");
            Assert.Equal(2, Directory.GetFileSystemEntries(root).Length);
            using (StagedFolder.Create(path))
            {
                Assert.Equal(before, Content(path));
                Assert.False(Directory.Exists(Path.Combine(path, "data")));
            }

            Assert.Equal([path], Directory.GetFileSystemEntries(root));
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Create_AfterAKill_KeepsWhatSomebodyWroteSince()
    {
        Write("rows", "old");
        string root = "";
        using (StagedFolder folder = StagedFolder.Create(Out))
        {
            File.WriteAllText(folder.PathOf("rows"), "new");
            folder.Commit(() => root = Copy(_folder.Root));
        }

        string path = Path.Combine(root, "out");
        File.WriteAllText(Path.Combine(path, "rows"), "written by hand");
        StagedFolder.Create(path).Dispose();
        Assert.Equal(["rows=written by hand"], Content(path));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Commit_Fails_PutsEverythingBack()
    {
        Write("rows", "old", "notes", "mine");
        Directory.CreateDirectory(Path.Combine(Out, "taken"));
        string[] before = Content(_folder.Root);
        using (StagedFolder folder = StagedFolder.Create(Out))
        {
            File.WriteAllText(folder.PathOf("rows"), "new");
            File.WriteAllText(folder.PathOf("taken"), "a folder stands there");
            Assert.ThrowsAny<Exception>(() => folder.Commit());
        }

        Assert.Equal(before, Content(_folder.Root));
        Assert.True(Directory.Exists(Path.Combine(Out, "taken")));
    }

    [Fact]
    public void Create_BesideAnotherOutputOfASimilarName_LeavesThatAlone()
    {
        using (StagedFolder other = StagedFolder.Create(Out + ".partial-1"))
        {
            File.WriteAllText(other.PathOf("rows"), "r");
            StagedFolder.Create(Out).Dispose();
            other.Commit();
        }

        Assert.Equal(["out.partial-1/rows=r"], Content(_folder.Root));
    }

    private void Replace()
    {
        using StagedFolder folder = StagedFolder.Create(Out, force: true, Names);
        File.WriteAllText(folder.PathOf("rows"), "new");
        File.WriteAllText(folder.PathOf("manifest"), "new");
        folder.Commit();
    }

    private void Write(params string[] content)
    {
        Directory.CreateDirectory(Out);
        foreach (string[] file in content.Chunk(2))
        {
            File.WriteAllText(Path.Combine(Out, file[0]), file[1]);
        }
    }

    private static string[] Content(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(file => $"{Path.GetRelativePath(root, file)}={File.ReadAllText(file)}")
                .Order(StringComparer.Ordinal),
        ];

    private string Copy(string root)
    {
        string copy = Directory.CreateDirectory(_copies[$"{_copyCount++}"]).FullName;
        foreach (string folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(root, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(root, file));
            if (Path.GetFileName(file) == FolderLock.FileName)
            {
                File.WriteAllText(target, "");
            }
            else
            {
                File.Copy(file, target);
            }
        }

        return copy;
    }
}
