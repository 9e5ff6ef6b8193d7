using Tsds.Cli.Agents;

namespace Tsds.Tests.Cli.Agents;

public sealed class AllowedFoldersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Resolve_FoldersWithLinksToOneAnother_AreVisitedOnce()
    {
        // Every link followed doubles the folders below it: 2^40 of them, if the system allowed.
        for (int i = 0; i < 2; i++)
        {
            string sub = Directory.CreateDirectory(Path.Combine(_folder, "data", $"{i}")).FullName;
            Directory.CreateSymbolicLink(Path.Combine(sub, "first"), Path.Combine(_folder, "data"));
            Directory.CreateSymbolicLink(Path.Combine(sub, "second"), Path.Combine(_folder, "data"));
        }

        Assert.EndsWith("data", new AllowedFolders([_folder]).Resolve("data"), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_LinkBelowAFolderThatLeadsOutside_IsRefused()
    {
        string deep = Directory.CreateDirectory(Path.Combine(_folder, "data", "deep")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(deep, "out"), Path.GetTempPath());
        AllowedFolders folders = new([Path.Combine(_folder, "data")]);
        Assert.Throws<UnauthorizedAccessException>(() => folders.Resolve("deep"));
    }
}
