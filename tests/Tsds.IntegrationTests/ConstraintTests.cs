using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>Budgets in tokens, caps and floors, through the command line.</summary>
public sealed class ConstraintTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ConstraintTests()
    {
        _folder.WritePool("pool.jsonl", 600);
        _folder.WriteTargets("targets.jsonl", 8);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_TokensOfTokenizedRows_MeetsThemWithinHalfARow()
    {
        // Row i has 10 to 49 tokens, of which the last third are labels.
        Random random = new(5);
        int[] lengths = [.. Enumerable.Range(0, 600).Select(_ => random.Next(10, 50))];
        File.WriteAllLines(
            _folder["tokens.jsonl"],
            lengths.Select(length =>
                new JsonObject
                {
                    ["input_ids"] = new JsonArray([.. Enumerable.Range(0, length).Select(id => (JsonNode)id)]),
                    ["labels"] = new JsonArray([
                        .. Enumerable.Range(0, length).Select(id => (JsonNode)(id < 2 * length / 3 ? -100 : id)),
                    ]),
                }.ToJsonString()
            )
        );
        _folder.WriteVectors("pool.npy", 600);
        _folder.WriteVectors("targets.npy", 7);

        foreach (
            (string count, Func<int, int> tokensOf) in new (string, Func<int, int>)[]
            {
                ("all", length => length),
                ("supervised", length => length - (2 * length / 3)),
            }
        )
        {
            CliResult result = await CliProcess.RunAsync(
                _folder.Root,
                SelectCommand.Vectors(count, "--pool", "tokens.jsonl", "--budget", "1.2ktok", "--count", count)
            );
            Assert.True(result.ExitCode == 0, result.Error);
            int drawn = File.ReadLines(_folder[count + "/selected.jsonl"])
                .Sum(row => tokensOf(JsonNode.Parse(row)!["input_ids"]!.AsArray().Count));
            Assert.InRange(drawn, 1_200 - 25, 1_200 + 25);
            JsonNode tokens = _folder.Manifest(count)["selection"]!["tokens"]!;
            Assert.Equal(
                (1_200, drawn, true),
                (tokens["asked"]!.GetValue<int>(), tokens["drawn"]!.GetValue<int>(), tokens["exact"]!.GetValue<bool>())
            );
            CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", count);
            Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
        }
    }

    [Fact]
    public async Task Select_TokensOfText_SaysThatTheyAreEstimated()
    {
        CliResult result = await SelectAsync("out", "--budget", "2ktok");
        Assert.Contains("drawn for a budget of 2,000; estimated from the texts", result.Out, StringComparison.Ordinal);
        Assert.False(_folder.Manifest("out")["selection"]!["tokens"]!["exact"]!.GetValue<bool>());
        Assert.InRange(_folder.Manifest("out")["selection"]!["tokens"]!["drawn"]!.GetValue<int>(), 1_980, 2_020);
        await SelectAsync("again", "--budget", "0.002Mtok", "--threads", "1");
        Assert.Equal(
            File.ReadAllText(_folder["out/selected.jsonl"]),
            File.ReadAllText(_folder["again/selected.jsonl"])
        );
    }

    /// <summary>
    /// The rows nearest to the targets are long and the others short: by the mean of a plan it seems to reach more than
    /// it does.
    /// </summary>
    [Theory]
    [InlineData(240)]
    [InlineData(330)]
    [InlineData(410)]
    public async Task Select_TokensWhereTheLikeliestRowsAreLong_MakesAPlanThatReachesThem(int budget)
    {
        File.WriteAllLines(
            _folder["tokens.jsonl"],
            Enumerable
                .Range(0, 600)
                .Select(row =>
                    new JsonObject
                    {
                        ["input_ids"] = new JsonArray([
                            .. Enumerable.Range(0, Math.Min(row, 600 - row) < 6 ? 24 : 2).Select(id => (JsonNode)id),
                        ]),
                    }.ToJsonString()
                )
        );
        _folder.WriteVectors("pool.npy", 600);
        _folder.WriteVectors("target.npy", 1);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            "tokens.jsonl",
            "--pool-vectors",
            "pool.npy",
            "--target-vectors",
            "target.npy",
            "--budget",
            $"{budget}tok",
            "--out",
            "out"
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.InRange(
            _folder.Manifest("out")["selection"]!["tokens"]!["drawn"]!.GetValue<int>(),
            budget - 12,
            budget + 12
        );
    }

    [Fact]
    public async Task Select_TokensByATokenizer_CountsThemExactly()
    {
        // Every word of the pool is a token except for two, which are cut.
        string text = File.ReadAllText(_folder["pool.jsonl"]);
        string[] words =
        [
            .. text.Split('"', ' ')
                .Where(word => word.Length > 1 && word.All(char.IsAsciiLetterLower))
                .Distinct()
                .Except(["onion", "telescope"]),
        ];
        Directory.CreateDirectory(_folder["model"]);
        File.WriteAllLines(
            _folder["model/vocab.txt"],
            [
                "[PAD]",
                "[UNK]",
                "[CLS]",
                "[SEP]",
                "[MASK]",
                "on",
                "##ion",
                "tele",
                "##sc",
                "##ope",
                .. words.Order(StringComparer.Ordinal),
            ]
        );

        await SelectAsync("out", "--budget", "1200tok", "--count", "supervised", "--tokenizer", "model");

        int drawn = File.ReadLines(_folder["out/selected.jsonl"])
            .SelectMany(row => JsonNode.Parse(row)!["output"]!.GetValue<string>().Split(' '))
            .Sum(word =>
                word switch
                {
                    "onion" => 2,
                    "telescope" => 3,
                    _ => 1,
                }
            );
        JsonNode tokens = _folder.Manifest("out")["selection"]!["tokens"]!;
        Assert.Equal(
            (1_200, drawn, true),
            (tokens["asked"]!.GetValue<int>(), tokens["drawn"]!.GetValue<int>(), tokens["exact"]!.GetValue<bool>())
        );
        Assert.InRange(drawn, 1_200 - 12, 1_200 + 12);
        CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);

        File.AppendAllText(_folder["model/vocab.txt"], "another\n");
        CliResult changed = await CliProcess.RunAsync(_folder.Root, "verify", "out");
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("vocab.txt", changed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_FloorOfATask_IsItsWeightInTheCertifiedPlan()
    {
        string[] rows = File.ReadAllLines(_folder["pool.jsonl"]);
        File.WriteAllLines(_folder["sql.jsonl"], [rows[2], rows[5]]);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "food=targets.jsonl",
            "sql=sql.jsonl",
            "--budget",
            "60",
            "--floor",
            "task:sql=40%",
            "--out",
            "out"
        );
        Assert.True(result.ExitCode == 0, result.Error);
        JsonNode[] tasks = [.. _folder.Manifest("out")["selection"]!["tasks"]!.AsArray().Select(task => task!)];
        Assert.Equal(0.4, tasks[1]["weight"]!.GetValue<double>(), 1e-12);
        Assert.InRange(tasks[1]["share"]!.GetValue<double>(), 0.3, 0.42);
        Assert.Equal(
            0.6 / 8,
            JsonNode.Parse(File.ReadLines(_folder["out/targets.jsonl"]).First())!["weight"]!.GetValue<double>(),
            1e-12
        );
        Assert.True(_folder.Manifest("out")["solution"]!["certified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Select_CapAndFloor_KeepsTheSharesAndTheCertificate()
    {
        // Nine tenths of the mass ask for cooking, one tenth for SQL.
        string[] rows = File.ReadAllLines(_folder["pool.jsonl"]);
        File.WriteAllLines(_folder["sql.jsonl"], Enumerable.Range(0, 4).Select(i => rows[(3 * i) + 2]));
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "food=targets.jsonl:9",
            "sql=sql.jsonl:1",
            "--budget",
            "60",
            "--alpha",
            "0.1",
            "--cap",
            "cooking=50%",
            "--floor",
            "sql=30%",
            "--out",
            "out"
        );
        Assert.True(result.ExitCode == 0, result.Error);
        string[] sources =
        [
            .. File.ReadLines(_folder["out/selected.jsonl"])
                .Select(row => JsonNode.Parse(row)!["source"]!.GetValue<string>()),
        ];
        Assert.Equal(60, sources.Length);
        Assert.InRange(sources.Count(source => source == "cooking"), 29, 31);
        Assert.True(sources.Count(source => source == "sql") >= 17, $"{sources.Count(source => source == "sql")}");
        JsonNode[] shares = [.. _folder.Manifest("out")["selection"]!["shares"]!.AsArray().Select(share => share!)];
        Assert.Equal(["cooking", "sql"], shares.Select(share => share["source"]!.GetValue<string>()));
        Assert.True(shares[0]["unbounded"]!.GetValue<double>() > 0.5);
        Assert.True(_folder.Manifest("out")["solution"]!["certified"]!.GetValue<bool>());
        Assert.Contains("cooking: ", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--budget 5xtok", "20Mtok")]
    [InlineData("--budget 900ktok", "reaches")]
    [InlineData("--budget 50 --cap web", "web=40%")]
    [InlineData("--budget 50 --cap cooking=10% --floor cooking=20%", "not above its cap")]
    [InlineData("--budget 50 --floor web=20%", "from 'web'")]
    [InlineData("--budget 50 --floor sql=60% --floor cooking=60%", "Expected")]
    [InlineData("--budget 5ktok --sampling multinomial", "distinct or top")]
    [InlineData("--budget 50 --cap task:math=40%", "found targets without")]
    [InlineData("--budget 50 --tokenizer .", "--budget 20Mtok")]
    [InlineData("--budget 5ktok --tokenizer nowhere", "Expected a tokenizer at nowhere")]
    public async Task Select_ConstraintsThatCannotBeMet_SaysWhy(string options, string part)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, SelectCommand.Rows("out", options.Split(' ')));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'), line => line.Contains(part, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private Task<CliResult> SelectAsync(string output, params string[] args) =>
        CliProcess.SucceedAsync(_folder.Root, SelectCommand.Rows(output, args));
}
