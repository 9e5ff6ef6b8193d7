using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RowFilesTests()
    {
        foreach (
            string name in new[]
            {
                "b.jsonl",
                "a.jsonl.zst",
                "B.jsonl",
                "README.md",
                "x.txt",
                ".hidden.jsonl",
                "sub/c.jsonl.gz",
                "sub/deep/d.JSONL",
                ".cache/e.jsonl",
                "with space/f [1].jsonl",
                "with space/f 1.jsonl",
                "empty/readme.txt",
                "[set]/g.jsonl",
            }
        )
        {
            _folder.Write(name, name.Contains(".jsonl", StringComparison.OrdinalIgnoreCase) ? "{}" : "some text");
        }
    }

    public static TheoryData<string, string[]> Globs =>
        new()
        {
            { "*.jsonl", ["B.jsonl", "b.jsonl"] },
            { "*", ["B.jsonl", "a.jsonl.zst", "b.jsonl"] },
            { "[a-c].jsonl*", ["a.jsonl.zst", "b.jsonl"] },
            { "[!b].jsonl", ["B.jsonl"] },
            { "[a-b^].jsonl", ["b.jsonl"] },
            { "[^a-z].jsonl", ["B.jsonl"] },
            {
                "**",
                [
                    "B.jsonl",
                    "[set]/g.jsonl",
                    "a.jsonl.zst",
                    "b.jsonl",
                    "sub/c.jsonl.gz",
                    "sub/deep/d.JSONL",
                    "with space/f 1.jsonl",
                    "with space/f [1].jsonl",
                ]
            },
            { "?.jsonl", ["B.jsonl", "b.jsonl"] },
            { "**/*.jsonl.gz", ["sub/c.jsonl.gz"] },
            { "**/[cd].*", ["sub/c.jsonl.gz", "sub/deep/d.JSONL"] },
            { "sub/**", ["sub/c.jsonl.gz", "sub/deep/d.JSONL"] },
            { "*/deep/*", ["sub/deep/d.JSONL"] },
            { ".*", [".hidden.jsonl"] },
            { ".cache/*", [".cache/e.jsonl"] },
            { "with space/f [1].jsonl", ["with space/f [1].jsonl"] },
            { "with space/f [12].jsonl", ["with space/f 1.jsonl"] },
            { "[set]", ["[set]/g.jsonl"] },
            { "sub", ["sub/c.jsonl.gz", "sub/deep/d.JSONL"] },
            { "sub/", ["sub/c.jsonl.gz", "sub/deep/d.JSONL"] },
            { "b.jsonl", ["b.jsonl"] },
            {
                "",
                [
                    "B.jsonl",
                    "[set]/g.jsonl",
                    "a.jsonl.zst",
                    "b.jsonl",
                    "sub/c.jsonl.gz",
                    "sub/deep/d.JSONL",
                    "with space/f 1.jsonl",
                    "with space/f [1].jsonl",
                ]
            },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Globs))]
    public void Resolve_FileFolderOrGlob_FindsFilesInOrdinalOrder(string pattern, string[] names) =>
        Assert.Equal(names.Select(name => _folder[name]), RowFiles.Resolve([_folder[pattern]]));

    [Fact]
    public void Resolve_SameFileTwice_IsTakenOnceWhereItComesFirst()
    {
        IReadOnlyList<string> files = RowFiles.Resolve([
            _folder["sub"],
            _folder["sub/../b.jsonl"],
            _folder["*.jsonl"],
            _folder["sub/c.jsonl.gz"],
        ]);

        Assert.Equal(
            [_folder["sub/c.jsonl.gz"], _folder["sub/deep/d.JSONL"], _folder["sub/../b.jsonl"], _folder["B.jsonl"]],
            files
        );
    }

    [Fact]
    public void Resolve_RelativePattern_GivesRelativePaths()
    {
        string start = Path.GetRelativePath(Environment.CurrentDirectory, _folder.Root);
        Assert.Equal([Path.Combine(start, "sub/c.jsonl.gz")], RowFiles.Resolve([start + "/sub/*.gz"]));
    }

    [Fact]
    public void Resolve_FolderLinkInACircle_IsNotFollowedAndFileLinksAre()
    {
        Directory.CreateSymbolicLink(_folder["sub/circle"], _folder["sub"]);
        File.CreateSymbolicLink(_folder["sub/link.jsonl"], _folder["b.jsonl"]);

        Assert.Equal(
            [_folder["sub/c.jsonl.gz"], _folder["sub/deep/d.JSONL"], _folder["sub/link.jsonl"]],
            RowFiles.Resolve([_folder["sub"]])
        );
    }

    [Theory]
    [InlineData("none.jsonl")]
    [InlineData("none/*.jsonl")]
    [InlineData("*.csv")]
    [InlineData("[z-a].jsonl")]
    public void Resolve_Nothing_Throws(string pattern) =>
        Assert.Contains(
            pattern,
            Assert.Throws<FileNotFoundException>(() => RowFiles.Resolve([_folder[pattern]])).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("x.txt")]
    [InlineData("README.md")]
    [InlineData("empty")]
    public void Resolve_OtherKindOfFile_Throws(string pattern) =>
        Assert.Contains(
            ".parquet",
            Assert.Throws<InvalidDataException>(() => RowFiles.Resolve([_folder[pattern]])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Resolve_NoPattern_Throws()
    {
        Assert.Throws<ArgumentException>(() => RowFiles.Resolve([]));
        Assert.StartsWith(
            "Expected a file, a folder or a glob, found an empty name.",
            Assert.Throws<ArgumentException>(() => RowFiles.Resolve([string.Empty])).Message,
            StringComparison.Ordinal
        );
    }
}
