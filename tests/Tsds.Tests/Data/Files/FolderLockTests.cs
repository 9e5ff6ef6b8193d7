using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class FolderLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-lock-").FullName;

    private string LockPath => Path.Combine(_folder, FolderLock.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryTake_HeldByAnother_IsNullUntilReleased()
    {
        using (FolderLock? held = FolderLock.TryTake(_folder))
        {
            Assert.NotNull(held);
            Assert.Null(FolderLock.TryTake(_folder));
            Assert.Null(FolderLock.TryTakeOver(_folder));
        }

        using FolderLock? again = FolderLock.TryTake(_folder);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dispose_LeavesTheFileUnlessPassing(bool isPassing)
    {
        FolderLock.TryTake(_folder, isPassing)!.Dispose();
        Assert.Equal(!isPassing, File.Exists(LockPath));
    }

    [Fact]
    public void Share_ByMany_KeepsOutWhoWantsItAlone()
    {
        using (FolderLock.Share(_folder))
        using (FolderLock.Share(_folder))
        {
            Assert.Null(FolderLock.TryTake(_folder));
        }

        using FolderLock? alone = FolderLock.TryTake(_folder);
        Assert.NotNull(alone);
    }

    [Fact]
    public async Task Share_WhileSomebodyHasItAlone_Waits()
    {
        FolderLock alone = FolderLock.TryTake(_folder)!;
        Task<FolderLock> shared = Task.Run(() => FolderLock.Share(_folder), TestContext.Current.CancellationToken);
        Assert.False(shared.IsCompleted);
        alone.Dispose();
        (await shared).Dispose();
    }

    [Fact]
    public void TryTakeOver_FileOfAKilledProcess_TakesIt()
    {
        File.WriteAllText(LockPath, "");
        using (FolderLock? taken = FolderLock.TryTakeOver(_folder))
        {
            Assert.NotNull(taken);
        }

        Assert.Null(FolderLock.TryTakeOver(_folder));
    }

    [Fact]
    public void TryTake_FolderThatDoesNotExist_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => FolderLock.TryTake(Path.Combine(_folder, "none")));
}
