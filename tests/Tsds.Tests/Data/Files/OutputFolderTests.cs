using System.Globalization;
using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

/// <summary>What processes that were killed leave beside their output, and who removes it.</summary>
public sealed class OutputFolderTests : IDisposable
{
    private static readonly string[] Names = ["rows.jsonl", OutputFolder.Manifest];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("scratch-lock")]
    [InlineData("rows.jsonl")]
    public void Create_FolderOfAProcessThatIsNoMore_IsRemoved(string left)
    {
        _folder.Write($".out.partial-{int.MaxValue}/{left}", "");
        using (OutputFolder.Create(_folder["out"], force: false, Names))
        {
            Assert.False(Directory.Exists(_folder[$".out.partial-{int.MaxValue}"]));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Create_FolderOfAProcessThatRuns_Stays()
    {
        // The parent of every process, and one that holds its lock.
        _folder.Write(".out.partial-1/rows.jsonl", "");
        string held = _folder.Write($".out.partial-{int.MaxValue}/scratch-lock", "");
        using FileStream hold = new(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using (OutputFolder.Create(_folder["out"], force: false, Names))
        {
            string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(
                new[] { "1", $"{int.MaxValue}", own }.Select(id => _folder[$".out.partial-{id}"]).Order(),
                Directory.GetDirectories(_folder.Root).Order()
            );
        }
    }
}
