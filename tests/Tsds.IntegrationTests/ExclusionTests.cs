using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>Rows that must not be chosen, and rows that are chosen already, through the command line.</summary>
public sealed class ExclusionTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _pool;

    public ExclusionTests()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
        _pool = File.ReadAllLines(_folder["pool.jsonl"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_ExcludedRows_ChoosesNoneOfThemAndSaysWhichPairs()
    {
        await SelectAsync("plain", "--budget", "20");
        string[] first = File.ReadAllLines(_folder["plain/selected.jsonl"]);

        // The same rows under other ids and with other blanks: what counts is the text.
        File.WriteAllLines(
            _folder["test.jsonl"],
            first.Select(
                (row, i) =>
                {
                    JsonNode node = JsonNode.Parse(row)!;
                    node["id"] = $"test{i}";
                    node["output"] =
                        "  " + node["output"]!.GetValue<string>().Replace(" ", "  ", StringComparison.Ordinal);
                    return node.ToJsonString();
                }
            )
        );
        CliResult result = await SelectAsync("out", "--budget", "20", "--exclude", "test.jsonl");

        string[] chosen = File.ReadAllLines(_folder["out/selected.jsonl"]);
        Assert.Equal(20, chosen.Length);
        Assert.Empty(chosen.Intersect(first));
        JsonNode[] excluded = _folder.Lines("out/excluded.jsonl");
        foreach (JsonNode line in excluded.Where(line => line["reason"]!.GetValue<string>() == "text"))
        {
            int match = line["match"]!["row"]!.GetValue<int>();
            Assert.Equal($"test{match}", line["match"]!["id"]!.GetValue<string>());
            Assert.Equal(match + 1, line["match"]!["line"]!.GetValue<int>());
            Assert.Equal(Words(first[match]), Words(_pool[line["row"]!.GetValue<int>()]));
            Assert.True(line["distance"]!.GetValue<double>() <= 0.1);
        }

        Assert.Equal(
            first.Order(),
            excluded
                .Where(line => line["reason"]!.GetValue<string>() == "text")
                .Select(line => _pool[line["row"]!.GetValue<int>()])
                .Order()
        );
        Assert.Empty(
            excluded
                .Select(line => line["row"]!.GetValue<long>())
                .Intersect(_folder.Lines("out/lineage.jsonl").Select(line => line["row"]!.GetValue<long>()))
        );
        JsonNode manifest = _folder.Manifest("out");
        Assert.Equal(20, manifest["selection"]!["excluded"]![0]!["sameText"]!.GetValue<int>());
        Assert.Equal(excluded.Length - 20, manifest["selection"]!["excluded"]![0]!["near"]!.GetValue<int>());
        Assert.Equal("test.jsonl", manifest["inputs"]!["exclude"]![0]!["path"]!.GetValue<string>());
        Assert.True(manifest["solution"]!["certified"]!.GetValue<bool>());
        Assert.Contains("repeating 20 rows of --exclude: 20 by text", result.Out, StringComparison.Ordinal);
        CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
        CliResult explained = await CliProcess.RunAsync(_folder.Root, "explain", "out", $"row:{excluded[0]["row"]}");
        Assert.Contains("left out by --exclude", explained.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_ExcludedVectors_IsTheSelectionWithoutTheRowsNearThem()
    {
        _folder.WriteVectors("pool.npy", 360);
        _folder.WriteVectors("targets.npy", 5);
        _folder.WriteVectors("test.npy", 4);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            SelectCommand.Vectors(
                "out",
                "--budget",
                "30",
                "--exclude-vectors",
                "test.npy",
                "--exclude-distance",
                "0.04"
            )
        );
        Assert.True(result.ExitCode == 0, result.Error);

        // One row a degree; 0.04 is the chord of 2.29 degrees, so two rows at each side of 0, 90, 180 and 270 degrees.
        int[] near =
        [
            .. Enumerable
                .Range(0, 4)
                .SelectMany(quarter => Enumerable.Range((90 * quarter) - 2, 5).Select(row => (row + 360) % 360))
                .Order(),
        ];
        Assert.Equal(near, _folder.Lines("out/excluded.jsonl").Select(line => line["row"]!.GetValue<int>()));
        Assert.Empty(near.Intersect(_folder.Lines("out/lineage.jsonl").Select(line => line["row"]!.GetValue<int>())));
    }

    [Fact]
    public async Task Select_KeptRows_AreWrittenFirstAndNotChosenAgain()
    {
        await SelectAsync("plain", "--budget", "20");
        string[] first = File.ReadAllLines(_folder["plain/selected.jsonl"]);
        await SelectAsync("more", "--budget", "10", "--keep", "plain/selected.jsonl", "--exclude-distance", "0");

        string[] rows = File.ReadAllLines(_folder["more/selected.jsonl"]);
        Assert.Equal(first, rows[..20]);
        Assert.Equal(30, rows.Length);
        Assert.Equal(30, rows.Distinct().Count());
        Assert.Equal(20, _folder.Manifest("more")["selection"]!["excluded"]![0]!["given"]!.GetValue<int>());
        Assert.Equal(10, _folder.Manifest("more")["selection"]!["rows"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("--exclude-vectors pool.npy", "needs --pool-vectors")]
    [InlineData("--exclude none.jsonl", "none.jsonl")]
    [InlineData("--exclude pool.jsonl", "all 300 do")]
    [InlineData("--exclude targets.jsonl --exclude-distance -1", "not negative")]
    public async Task Select_ExclusionThatDoesNotFit_SaysWhy(string options, string part)
    {
        _folder.WriteVectors("pool.npy", 4);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            SelectCommand.Rows("out", ["--budget", "5", .. options.Split(' ')])
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static string Words(string row) =>
        string.Join(
            ' ',
            JsonNode.Parse(row)!["output"]!.GetValue<string>().Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );

    private Task<CliResult> SelectAsync(string output, params string[] args) =>
        CliProcess.SucceedAsync(_folder.Root, SelectCommand.Rows(output, args));
}
