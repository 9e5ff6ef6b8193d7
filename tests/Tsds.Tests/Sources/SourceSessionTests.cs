using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Sources;

namespace Tsds.Tests.Sources;

/// <summary>The life of a session in which addresses can be read.</summary>
public sealed class SourceSessionTests
{
    [Fact]
    public void Resolve_WithoutSession_SaysThatThereIsNone() =>
        Assert.StartsWith(
            "s3://bucket/rows.jsonl: expected a path on disk, found an address",
            Assert.Throws<InvalidOperationException>(() => RowFiles.Resolve(["s3://bucket/rows.jsonl"])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Resolve_ServerThatIsDown_GivesUpWithASentence()
    {
        using TempFolder cache = new();
        SourceOptions options = new()
        {
            CacheFolder = cache.Root,
            Tries = 3,
            FirstPause = TimeSpan.Zero,
        };
        string address = $"http://127.0.0.1:{FreePort.Find()}/rows.jsonl";
        using (SourceSession.Open(options, TestContext.Current.CancellationToken))
        {
            Assert.StartsWith(
                $"{address}: expected an answer, found none in 3 tries (127.0.0.1 cannot be reached: ",
                Assert.Throws<SourceException>(() => RowFiles.Resolve([address])).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("s3://bucket/a.jsonl", true)]
    [InlineData("hf://datasets/a/b", true)]
    [InlineData("https://host/a", true)]
    [InlineData("C://folder/a", false)]
    [InlineData("folder/a://b", false)]
    [InlineData("://a", false)]
    [InlineData("a.jsonl", false)]
    public void IsAddress_Path_IsTrueForSchemes(string path, bool expected) =>
        Assert.Equal(expected, FileSources.IsAddress(path));
}
