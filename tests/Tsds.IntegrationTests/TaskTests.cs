using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>Several tasks in one selection, through the command line.</summary>
public sealed class TaskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public TaskTests()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("cooking.jsonl", 6);

        // Rows 0, 1, 2, ... are of cooking, astronomy and sql in turn.
        string[] rows = File.ReadAllLines(_folder["pool.jsonl"]);
        File.WriteAllLines(_folder["sky.jsonl"], Enumerable.Range(0, 12).Select(i => rows[(3 * i) + 1]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_TasksWithWeights_SharesTheMassAndTellsTheTasks()
    {
        CliResult result = await SelectAsync(
            "out",
            "--target",
            "food=cooking.jsonl:3",
            "--target",
            "sky=sky.jsonl:1",
            "--budget",
            "40"
        );

        Assert.Contains("food  6 targets asking for 75.0 %", result.Out, StringComparison.Ordinal);
        JsonNode[] targets = _folder.Lines("out/targets.jsonl");
        Assert.Equal(
            Enumerable.Repeat("food", 6).Concat(Enumerable.Repeat("sky", 12)),
            targets.Select(line => line["task"]!.GetValue<string>())
        );
        Assert.All(targets[..6], line => Assert.Equal(0.75 / 6, line["weight"]!.GetValue<double>(), 1e-12));
        Assert.All(targets[6..], line => Assert.Equal(0.25 / 12, line["weight"]!.GetValue<double>(), 1e-12));
        JsonNode[] lineage = _folder.Lines("out/lineage.jsonl");
        Assert.All(
            lineage.SelectMany(line => line["targets"]!.AsArray()),
            pull =>
                Assert.Equal(pull!["target"]!.GetValue<int>() < 6 ? "food" : "sky", pull["task"]!.GetValue<string>())
        );
        double cooking = lineage
            .Where(line => line["source"]!.GetValue<string>() == "cooking")
            .Sum(line => line["probability"]!.GetValue<double>());
        Assert.InRange(cooking, 0.7, 0.8);
        JsonArray tasks = _folder.Manifest("out")["selection"]!["tasks"]!.AsArray();
        Assert.Equal(["food", "sky"], tasks.Select(task => task!["task"]!.GetValue<string>()));
        Assert.Equal(0.75, tasks[0]!["weight"]!.GetValue<double>(), 1e-12);
        Assert.Equal(1, tasks.Sum(task => task!["share"]!.GetValue<double>()), 1e-9);
        Assert.True(_folder.Manifest("out")["solution"]!["certified"]!.GetValue<bool>());
        CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
    }

    [Fact]
    public async Task Select_TasksWithoutWeights_SelectsWhatTheirFilesDo()
    {
        await SelectAsync("plain", "--target", "cooking.jsonl", "sky.jsonl", "--budget", "40");
        await SelectAsync("named", "--target", "a=cooking.jsonl", "b=sky.jsonl", "--budget", "40");
        await SelectAsync("weighted", "--target", "a=cooking.jsonl:6", "b=sky.jsonl:12", "--budget", "40");

        Assert.Equal(
            File.ReadAllText(_folder["plain/selected.jsonl"]),
            File.ReadAllText(_folder["named/selected.jsonl"])
        );
        Assert.Equal(
            File.ReadAllText(_folder["plain/selected.jsonl"]),
            File.ReadAllText(_folder["weighted/selected.jsonl"])
        );
        Assert.Equal(File.ReadAllText(_folder["plain/path.csv"]), File.ReadAllText(_folder["weighted/path.csv"]));
        Assert.Equal(
            _folder.Manifest("named")["solution"]!.ToJsonString(),
            _folder.Manifest("weighted")["solution"]!.ToJsonString()
        );
        Assert.Equal("cooking", _folder.Lines("plain/targets.jsonl")[0]["task"]!.GetValue<string>());
    }

    [Fact]
    public async Task Select_TasksOfVectors_SharesTheMass()
    {
        _folder.WriteVectors("pool.npy", 200);
        _folder.WriteVectors("few.npy", 4);
        _folder.WriteVectors("many.npy", 9);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool-vectors",
            "pool.npy",
            "--target-vectors",
            "few=few.npy:1",
            "many=many.npy:4",
            "--budget",
            "20",
            "--out",
            "out"
        );
        Assert.True(result.ExitCode == 0, result.Error);
        JsonNode[] targets = _folder.Lines("out/targets.jsonl");
        Assert.All(targets[..4], line => Assert.Equal(0.2 / 4, line["weight"]!.GetValue<double>(), 1e-12));
        Assert.All(targets[4..], line => Assert.Equal(0.8 / 9, line["weight"]!.GetValue<double>(), 1e-12));
        Assert.All(targets[4..], line => Assert.Equal("many", line["task"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("food=cooking.jsonl:3 sky=sky.jsonl", "found none for 'sky'")]
    [InlineData("food=cooking.jsonl:zero", "cooking.jsonl:zero")]
    [InlineData("food=cooking.jsonl:0 sky=sky.jsonl:1", "Expected a weight above 0")]
    [InlineData("food=cooking.jsonl sky=cooking.jsonl", "found it in two")]
    public async Task Select_TasksThatDoNotFit_SaysWhy(string targets, string part)
    {
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            ["select", "--pool", "pool.jsonl", "--target", .. targets.Split(' '), "--budget", "5", "--out", "out"]
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(part, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private Task<CliResult> SelectAsync(string output, params string[] args) =>
        CliProcess.SucceedAsync(_folder.Root, ["select", "--pool", "pool.jsonl", "--out", output, .. args]);
}
