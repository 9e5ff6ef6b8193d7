using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>A comparison, as a user has it.</summary>
public sealed class CompareTests : IDisposable
{
    private static readonly string[] Compare =
    [
        "compare",
        "--pool",
        "pool.jsonl",
        "--target",
        "targets.jsonl",
        "--budget",
        "5%",
        "--methods",
        "random,max-sim",
    ];

    private readonly TestFolder _folder = new();

    public CompareTests()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 10);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_KilledBehindTheFirstMethod_GoesOnToTheBytesOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        CliResult undisturbed = await SucceedAsync([.. Compare, "--out", "undisturbed"]);
        string[] table = [.. undisturbed.Out.Split('\n').Skip(2).Take(5)];
        Assert.StartsWith("Compared 3 methods: 15 rows each, of 300", undisturbed.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["method", "tsds", "random", "max-sim"],
            table.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])
        );

        using (CliProcess process = CliProcess.Start(_folder.Root, [.. Compare, "--out", "out"]))
        {
            await process.WaitForErrorLineAsync("tsds: W1 skill");
            process.Kill();
            await process.FinishAsync();
        }

        Assert.True(File.Exists(Path.Combine(_folder["out"], "methods", "tsds.json")));
        CliResult again = await SucceedAsync([.. Compare, "--out", "out"]);
        Assert.Contains("known already", again.Out, StringComparison.Ordinal);
        Assert.Equal(Read("undisturbed"), Read("out"));
        Assert.Equal(
            ["methods", "metrics.json", "report.html", "scores.csv"],
            Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Compare_Json_HasAnEventForEachMethod()
    {
        CliResult result = await SucceedAsync([
            .. Compare,
            "--out",
            "out",
            "--json",
            "--seeds",
            "2",
            "--group-field",
            "id",
        ]);
        JsonElement[] events =
        [
            .. result
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(
            ["tsds", "random", "max-sim"],
            events
                .Where(line => line.GetProperty("event").GetString() == "method")
                .Select(line => line.GetProperty("method").GetString())
        );
        Assert.Equal("result", events[^1].GetProperty("event").GetString());
        Assert.Equal(3, events[^1].GetProperty("methods").GetArrayLength());
        Assert.InRange(events[^1].GetProperty("methods")[0].GetProperty("relativeGap").GetDouble(), 0, 1e-9);
        Assert.Contains(
            "tsds,stability,",
            File.ReadAllText(Path.Combine(_folder["out"], "scores.csv")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Compare_DryRun_StatesMethodsAndMemoryAndWritesNothing()
    {
        CliResult result = await SucceedAsync([.. Compare, "--dry-run"]);
        Assert.Contains("methods: tsds, random, max-sim", result.Out, StringComparison.Ordinal);
        Assert.Contains("memory of the methods", result.Out, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Root).Length);
    }

    [Theory]
    [InlineData("--budget 5% --methods guess", "--methods: expected methods among tsds, ")]
    [InlineData("--budget 5% --seeds 0", "--seeds: expected a whole number above 0")]
    [InlineData("--budget 5ktok", "same number of rows")]
    [InlineData("--budget 5% --group-field topic", "with the field 'topic'")]
    [InlineData("--budget 5% --cap web=3%", "--cap")]
    public async Task Compare_WrongUse_IsOneSentence(string arguments, string sentence)
    {
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            ["compare", "--pool", "pool.jsonl", "--target", "targets.jsonl", "--out", "out", .. arguments.Split(' ')]
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_FolderOfSomethingElse_IsRefusedBeforeThePlan()
    {
        Directory.CreateDirectory(_folder["out"]);
        await File.WriteAllTextAsync(_folder["out/mine.txt"], "mine", TestContext.Current.CancellationToken);
        CliResult result = await CliProcess.RunAsync(_folder.Root, [.. Compare, "--out", "out"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--force", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Plan", result.Error, StringComparison.Ordinal);
    }

    /// <summary>All that a comparison wrote but times and places.</summary>
    private string Read(string output)
    {
        JsonObject metrics = (JsonObject)
            JsonNode.Parse(File.ReadAllText(Path.Combine(_folder[output], "metrics.json")))!;
        Assert.True(metrics.Remove("run"));
        return metrics.ToJsonString()
            + File.ReadAllText(Path.Combine(_folder[output], "scores.csv"))
            + File.ReadAllText(Path.Combine(_folder[output], "report.html"));
    }

    private Task<CliResult> SucceedAsync(params string[] arguments) => CliProcess.SucceedAsync(_folder.Root, arguments);
}
