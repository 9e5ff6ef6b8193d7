using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class FolderLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LockPath => _folder[FolderLock.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryTake_HeldByAnother_IsNullUntilReleased()
    {
        using (FolderLock? held = FolderLock.TryTake(_folder.Root))
        {
            Assert.NotNull(held);
            Assert.Null(FolderLock.TryTake(_folder.Root));
            Assert.Null(FolderLock.TryTakeOver(_folder.Root));
        }

        using FolderLock? again = FolderLock.TryTake(_folder.Root);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dispose_LeavesTheFileUnlessPassing(bool isPassing)
    {
        FolderLock.TryTake(_folder.Root, isPassing)!.Dispose();
        Assert.Equal(!isPassing, File.Exists(LockPath));
    }

    [Fact]
    public void Share_ByMany_KeepsOutWhoWantsItAlone()
    {
        using (FolderLock.Share(_folder.Root))
        using (FolderLock.Share(_folder.Root))
        {
            Assert.Null(FolderLock.TryTake(_folder.Root));
        }

        using FolderLock? alone = FolderLock.TryTake(_folder.Root);
        Assert.NotNull(alone);
    }

    [Fact]
    public async Task Share_WhileSomebodyHasItAlone_Waits()
    {
        FolderLock alone = FolderLock.TryTake(_folder.Root)!;
        Task<FolderLock> shared = Task.Run(() => FolderLock.Share(_folder.Root), TestContext.Current.CancellationToken);
        Assert.False(shared.IsCompleted);
        alone.Dispose();
        (await shared).Dispose();
    }

    [Fact]
    public void TryTakeOver_FileOfAKilledProcess_TakesIt()
    {
        File.WriteAllText(LockPath, "");
        using (FolderLock? taken = FolderLock.TryTakeOver(_folder.Root))
        {
            Assert.NotNull(taken);
        }

        Assert.Null(FolderLock.TryTakeOver(_folder.Root));
    }

    [Fact]
    public void TryTake_FolderThatDoesNotExist_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => FolderLock.TryTake(_folder["none"]));
}
