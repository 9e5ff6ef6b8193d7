using System.Text.Json;

namespace Tsds.IntegrationTests;

/// <summary>An inspection, as a user runs it.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_FolderAndFile_SaysWhatIsThere()
    {
        Directory.CreateDirectory(_folder["my pool"]);
        _folder.WritePool("my pool/a.jsonl", 300);
        File.Copy(_folder["my pool/a.jsonl"], _folder["b.jsonl"]);

        CliResult words = await CliProcess.RunAsync(_folder.Root, "inspect", "my pool", "b.jsonl");
        CliResult json = await CliProcess.RunAsync(_folder.Root, "inspect", "my pool", "b.jsonl", "--json");

        Assert.Equal(0, words.ExitCode);
        Assert.Contains("schema      alpaca", words.Out, StringComparison.Ordinal);
        Assert.Contains("300 rows (50.0 %) with the text of an earlier one", words.Out, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(json.Out.Trim().Split('\n')[^1]);
        Assert.Equal("result", result.RootElement.GetProperty("event").GetString());
        Assert.Equal(600, result.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(300, result.RootElement.GetProperty("duplicateRows").GetInt64());
    }

    [Fact]
    public async Task Inspect_FileThatCannotBeUsed_FailsAndStillReportsTheOthers()
    {
        _folder.WritePool("a.jsonl", 30);
        await File.WriteAllTextAsync(
            _folder["b.parquet"],
            "PAR1 and nothing more",
            TestContext.Current.CancellationToken
        );

        CliResult result = await CliProcess.RunAsync(_folder.Root, "inspect", "b.parquet", "a.jsonl");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("problem     b.parquet: expected a whole Parquet file", result.Out, StringComparison.Ordinal);
        Assert.Contains("schema      alpaca", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
