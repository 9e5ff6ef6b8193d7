using System.Text.RegularExpressions;

namespace Tsds.IntegrationTests;

/// <summary>An index, as a user builds and uses it.</summary>
public sealed class IndexTests : IDisposable
{
    private static readonly string[] Selection =
    [
        "selected.npy",
        "lineage.jsonl",
        "targets.jsonl",
        "clusters.jsonl",
        "path.csv",
    ];

    private readonly TestFolder _folder = new();

    public IndexTests()
    {
        _folder.WriteVectors("pool.npy", 500);
        _folder.WriteVectors("targets.npy", 7);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("off", "used: ")]
    [InlineData("on", "ignored: ")]
    public async Task Select_WithIndex_GivesTheSameBytes(string center, string note)
    {
        await SucceedAsync("index", "--pool-vectors", _folder["pool.npy"], "--out", _folder["pool.index"]);
        await SelectAsync("without", "--center", center);
        CliResult result = await SelectAsync("with", "--index", _folder["pool.index"], "--center", center);

        Assert.Contains(note, result.Out, StringComparison.Ordinal);
        foreach (string file in Selection)
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(_folder[$"without/{file}"], TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(_folder[$"with/{file}"], TestContext.Current.CancellationToken)
            );
        }

        // A report shows the specification, which names the index.
        Assert.Equal(await ReportAsync("without"), await ReportAsync("with"));
    }

    [Theory]
    [InlineData("other", "was built from other vectors")]
    [InlineData("none", "found no index.json")]
    [InlineData("normalize", "was built under --normalize none")]
    public async Task Select_IndexThatDoesNotMatch_IsIgnoredWithALine(string what, string expected)
    {
        _folder.WriteVectors("other.npy", 501);
        string vectors = _folder[what == "other" ? "other.npy" : "pool.npy"];
        await SucceedAsync(
            "index",
            "--pool-vectors",
            vectors,
            "--out",
            _folder["pool.index"],
            "--normalize",
            what == "normalize" ? "none" : "l2"
        );
        CliResult result = await SelectAsync("out", "--index", _folder[what == "none" ? "nowhere" : "pool.index"]);

        Assert.Contains("ignored: ", result.Out, StringComparison.Ordinal);
        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_FolderNotEmpty_IsRefusedWithoutForce()
    {
        string[] arguments = ["index", "--pool-vectors", _folder["pool.npy"], "--out", _folder["pool.index"]];
        await SucceedAsync(arguments);
        CliResult refused = await CliProcess.RunAsync(_folder.Root, arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        await SucceedAsync([.. arguments, "--force"]);
    }

    private Task<CliResult> SucceedAsync(params string[] arguments) => CliProcess.SucceedAsync(_folder.Root, arguments);

    private Task<CliResult> SelectAsync(string output, params string[] more) =>
        SucceedAsync([
            "select",
            "--pool-vectors",
            _folder["pool.npy"],
            "--target-vectors",
            _folder["targets.npy"],
            "--budget",
            "20",
            "--out",
            _folder[output],
            .. more,
        ]);

    private async Task<string> ReportAsync(string folder) =>
        Regex.Replace(
            await File.ReadAllTextAsync(_folder[$"{folder}/report.html"], TestContext.Current.CancellationToken),
            "&quot;index&quot;: (null|&quot;[^&]*&quot;)",
            ""
        );
}
