using System.Globalization;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The command <c>tsds explain</c>, for rows and targets.</summary>
public sealed class ExplainTests : IDisposable
{
    private static readonly long[] Copies = [0, 300, 301, 303, 304];

    private readonly TestFolder _folder = new();

    private readonly PreparedSelection _prepared;

    public ExplainTests(PreparedSelection prepared)
    {
        _prepared = prepared;
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
        File.WriteAllLines(
            _folder["more.jsonl"],
            File.ReadLines(_folder["pool.jsonl"]).Where((_, row) => row % 24 == 1)
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_ChosenRow_TellsItsTargetsAndItsDraw()
    {
        JsonNode[] lineage = await PreparedAsync();
        JsonNode line = lineage.First(row => row["count"]!.GetValue<long>() > 0);
        string row = line["row"]!.ToJsonString();

        CliResult words = await ExplainAsync($"row:{row}");
        JsonNode json = await ExplainJsonAsync(line["id"]!.GetValue<string>());

        Assert.StartsWith($"Row {row} (r{row}): chosen.\n", words.Out, StringComparison.Ordinal);
        Assert.Contains($"pool.jsonl, line {line["line"]}", words.Out, StringComparison.Ordinal);
        Assert.Contains("within its water level", words.Out, StringComparison.Ordinal);
        Assert.Equal(row, json["row"]!.ToJsonString());
        Assert.Equal(line["probability"]!.GetValue<double>(), json["probability"]!.GetValue<double>());
        JsonNode pull = line["targets"]![0]!;
        JsonNode target = json["targets"]![0]!;
        Assert.Equal(pull["target"]!.GetValue<int>(), target["target"]!.GetValue<int>());
        Assert.Equal(pull["mass"]!.GetValue<double>(), target["mass"]!.GetValue<double>());

        // Measured anew from the inputs, and the same as in the lineage.
        Assert.Equal(pull["distance"]!.GetValue<double>(), target["distance"]!.GetValue<double>(), 1e-9);
        Assert.InRange(target["rank"]!.GetValue<long>(), 1, target["neighborsUsed"]!.GetValue<long>());
        Assert.True(target["mass"]!.GetValue<double>() <= target["cap"]!.GetValue<double>() * (1 + 1e-9));
    }

    /// <summary>The average times that rows are drawn add up to the budget.</summary>
    [Fact]
    public async Task Explain_ReachedRowsNotDrawn_TellHowLikelyTheyWere()
    {
        JsonNode[] lineage = await SelectAsync("--alpha", "0.2");
        JsonNode line = lineage.First(row => row["count"]!.GetValue<long>() == 0);

        CliResult words = await ExplainAsync(line["row"]!.ToJsonString());
        JsonNode json = await ExplainJsonAsync($"row:{line["row"]!.ToJsonString()}");

        Assert.Contains("the draw passed it over", words.Out, StringComparison.Ordinal);
        Assert.Equal("reached", json["outcome"]!.GetValue<string>());
        Assert.InRange(json["expectedCount"]!.GetValue<double>(), 1e-9, 1);
    }

    [Fact]
    public async Task Explain_RowOfAnotherTopic_TellsHowMuchNearerItWouldHaveToBe()
    {
        HashSet<long> reached = [.. (await PreparedAsync()).Select(line => line["row"]!.GetValue<long>())];
        int row = Enumerable.Range(0, 300).First(candidate => candidate % 3 == 1 && !reached.Contains(candidate));

        CliResult words = await ExplainAsync($"id:r{row}");
        JsonNode json = await ExplainJsonAsync($"row:{row}");

        Assert.StartsWith(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Row {row} (r{row}): not chosen: no target's mass reaches it.\n"
            ),
            words.Out,
            StringComparison.Ordinal
        );
        Assert.Contains("nearer", words.Out, StringComparison.Ordinal);
        Assert.Equal("unreached", json["outcome"]!.GetValue<string>());
        JsonNode target = json["targets"]![0]!;
        Assert.True(target["distance"]!.GetValue<double>() >= target["waterLevel"]!.GetValue<double>());
        Assert.True(target["rank"]!.GetValue<long>() > target["neighborsUsed"]!.GetValue<long>());
        Assert.Equal(row + 1, json["line"]!.GetValue<int>());
    }

    [Fact]
    public async Task Explain_Copies_AreListedWithWhetherTheyWereDrawn()
    {
        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(
            _folder["pool.jsonl"],
            [.. pool, .. Enumerable.Repeat(pool[0], 5)],
            TestContext.Current.CancellationToken
        );
        await SelectAsync("--bandwidth", "0.3", "--copies", "keep");

        JsonNode json = await ExplainJsonAsync("row:302");

        long[] copies = [.. json["nearCopies"]!.AsArray().Select(copy => copy!["row"]!.GetValue<long>())];
        Assert.All(Copies, copy => Assert.Contains(copy, copies));
        Assert.True(json["density"]!.GetValue<double>() >= 6);
    }

    [Fact]
    public async Task Explain_SameTextAsAnEarlierRow_TellsOfTheRowThatStandsForIt()
    {
        JsonNode[] lineage = await PreparedAsync();
        long chosen = lineage.First(line => line["count"]!.GetValue<long>() > 0)["row"]!.GetValue<long>();
        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(
            _folder["pool.jsonl"],
            [.. pool, pool[chosen].Replace("\":\"", "\":\"  ", StringComparison.Ordinal)],
            TestContext.Current.CancellationToken
        );
        await SelectAsync("--force");

        CliResult words = await ExplainAsync("row:300");
        JsonNode json = await ExplainJsonAsync("row:300");
        JsonNode first = await ExplainJsonAsync($"row:{chosen}");

        Assert.Contains($"the same as row {chosen}, which stands for it.\n", words.Out, StringComparison.Ordinal);
        Assert.Matches("(as relevant as|less relevant than) ", words.Out);
        Assert.Contains(" of your targets", words.Out, StringComparison.Ordinal);
        Assert.Equal("copy", json["outcome"]!.GetValue<string>());
        Assert.Equal(chosen, json["copyOf"]!.GetValue<long>());
        Assert.Equal(0, json["probability"]!.GetValue<double>());
        Assert.Equal(301, json["line"]!.GetValue<int>());
        Assert.Equal(first["density"]!.ToJsonString(), json["density"]!.ToJsonString());
        Assert.Equal(first["relevance"]!.ToJsonString(), json["relevance"]!.ToJsonString());
    }

    /// <summary>A new measurement gives what the lineage says, both parts of a distance.</summary>
    [Fact]
    public async Task Explain_Relevance_IsThatOfTheLineage()
    {
        JsonNode[] lineage = await SelectAsync("--target", "b=more.jsonl");
        foreach (JsonNode line in lineage.Take(3))
        {
            JsonNode json = await ExplainJsonAsync($"row:{line["row"]}");
            foreach (
                (JsonNode? found, JsonNode? known) in json["relevance"]!.AsArray().Zip(line["relevance"]!.AsArray())
            )
            {
                Assert.Equal(known!["task"]!.ToJsonString(), found!["task"]!.ToJsonString());
                Assert.Equal(known["targetShare"]!.GetValue<double>(), found["targetShare"]!.GetValue<double>(), 1e-9);
                Assert.Equal(known["cost"]!.GetValue<double>(), found["cost"]!.GetValue<double>(), 1e-9);
            }

            foreach (JsonNode? target in json["targets"]!.AsArray())
            {
                int task = target!["target"]!.GetValue<int>() < 6 ? 0 : 1;
                double near = target["nearness"]!.GetValue<double>();
                double cost = json["relevance"]![task]!["cost"]!.GetValue<double>();
                Assert.Equal(target["distance"]!.GetValue<double>(), Math.Sqrt((near * near) + cost), 1e-9);
            }
        }
    }

    [Fact]
    public async Task Explain_Target_TellsWhatItPulls()
    {
        JsonNode[] lineage = await PreparedAsync();
        string[] targets = await File.ReadAllLinesAsync(
            _folder["out/targets.jsonl"],
            TestContext.Current.CancellationToken
        );

        CliResult words = await ExplainAsync("target:2");
        JsonNode json = await ExplainJsonAsync("t2");

        Assert.StartsWith("Target 2 (t2): ", words.Out, StringComparison.Ordinal);
        Assert.Contains("targets.jsonl, line 3", words.Out, StringComparison.Ordinal);
        JsonNode expected = JsonNode.Parse(targets[2])!;
        Assert.Equal(expected["waterLevel"]!.GetValue<double>(), json["waterLevel"]!.GetValue<double>());
        Assert.Equal(expected["nearestDistance"]!.GetValue<double>(), json["nearestDistance"]!.GetValue<double>());
        long[] pulled = [.. json["rows"]!.AsArray().Select(row => row!["row"]!.GetValue<long>()).Order()];
        Assert.Equal(
            lineage
                .Where(line => line["targets"]!.AsArray().Any(pull => pull!["target"]!.GetValue<int>() == 2))
                .Select(line => line["row"]!.GetValue<long>()),
            pulled
        );
        Assert.Equal(
            expected["nearestDistance"]!.GetValue<double>(),
            json["rows"]![0]!["distance"]!.GetValue<double>()
        );
    }

    [Fact]
    public async Task Explain_VectorsAlone_NeedsNoRows()
    {
        _folder.WriteVectors("pool.npy", 200);
        _folder.WriteVectors("targets.npy", 5);
        CliResult selected = await CliProcess.RunAsync(_folder.Root, SelectCommand.Vectors("out", "--budget", "9"));
        Assert.Equal("", selected.ExitCode == 0 ? "" : selected.Error);

        // Row 20 lies in the middle between targets 0 and 1, which are rows 0 and 40 of the circle.
        JsonNode json = await ExplainJsonAsync("20");

        Assert.Equal("unreached", json["outcome"]!.GetValue<string>());
        Assert.Equal(2 * Math.Sin(Math.PI / 10), json["targets"]![0]!["distance"]!.GetValue<double>(), 1e-6);
        Assert.Null(json["file"]);
    }

    [Theory]
    [InlineData("row:300", "Expected a row from 0 to 299, found 300")]
    [InlineData("target:6", "Expected a target from 0 to 5, found 6")]
    [InlineData("target:x", "Expected row:N, target:N or id:NAME")]
    [InlineData("nobody", "found 'nobody', which none has")]
    public async Task Explain_NoSuchThing_IsOneSentence(string subject, string expected)
    {
        await PreparedAsync();
        CliResult result = await CliProcess.RunAsync(_folder.Root, "explain", "out", subject);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Out);
    }

    private async Task<JsonNode[]> SelectAsync(params string[] more)
    {
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            SelectCommand.Rows("out", ["--budget", "15", .. more])
        );
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return _folder.Lines("out/lineage.jsonl");
    }

    private async Task<JsonNode[]> PreparedAsync()
    {
        await _prepared.CopyToAsync(_folder);
        return _folder.Lines("out/lineage.jsonl");
    }

    private async Task<CliResult> ExplainAsync(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, ["explain", "out", .. arguments]);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return result;
    }

    private async Task<JsonNode> ExplainJsonAsync(string subject) =>
        JsonNode.Parse((await ExplainAsync(subject, "--json")).Out.TrimEnd('\n').Split('\n')[^1])!;
}
