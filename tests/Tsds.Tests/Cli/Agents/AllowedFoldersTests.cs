using Tsds.Cli.Agents;

namespace Tsds.Tests.Cli.Agents;

public sealed class AllowedFoldersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resolve_FoldersWithLinksToOneAnother_AreVisitedOnce()
    {
        // Every link followed doubles the folders below it: 2^40 of them, if the system allowed.
        for (int i = 0; i < 2; i++)
        {
            string sub = Directory.CreateDirectory(_folder[$"data/{i}"]).FullName;
            Directory.CreateSymbolicLink(Path.Combine(sub, "first"), _folder["data"]);
            Directory.CreateSymbolicLink(Path.Combine(sub, "second"), _folder["data"]);
        }

        Assert.EndsWith("data", new AllowedFolders([_folder.Root]).Resolve("data"), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_LinkBelowAFolderThatLeadsOutside_IsRefused()
    {
        string deep = Directory.CreateDirectory(_folder["data/deep"]).FullName;
        Directory.CreateSymbolicLink(Path.Combine(deep, "out"), Path.GetTempPath());
        AllowedFolders folders = new([_folder["data"]]);
        Assert.Throws<UnauthorizedAccessException>(() => folders.Resolve("deep"));
    }
}
