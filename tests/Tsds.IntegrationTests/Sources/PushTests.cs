using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>A selection that goes back to the hub.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;
    private HubStandIn _hub = null!;
    private WebServer _web = null!;

    public PushTests()
    {
        _variables = PlantedSecrets.Plant(_folder);
    }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["hub/org/rows"]);
        _folder.WritePool("hub/org/rows/train.jsonl", 200);
        await File.WriteAllTextAsync(
            _folder["hub/org/rows/README.md"],
            "---\nlicense: cc-by-4.0\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n"
                + "    path: train.jsonl\n---\n"
        );
        _folder.WriteTargets("targets.jsonl", 8);
        _hub = new HubStandIn(_folder["hub"]);
        _hub.Faults.AreOn = false;
        _web = await WebServer.StartAsync(_hub.AnswerAsync);
        _variables["HF_ENDPOINT"] = _web.Url.AbsoluteUri;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        PlantedSecrets.DisposeWithout(_folder);
    }

    [Fact]
    public async Task Export_PushedToTheHub_HasCardAndCroissant()
    {
        await SucceedAsync(
            "select",
            "--pool",
            "hf://datasets/org/rows",
            "--target",
            "targets.jsonl",
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--out",
            "out"
        );
        _hub.FailingUploads = 3;
        _hub.LosesCommit = true;
        Directory.CreateDirectory(_folder["out/export-hf"]);
        await File.WriteAllTextAsync(
            _folder["out/export-hf/credentials.env"],
            "what lies there already stays here",
            TestContext.Current.CancellationToken
        );
        string[] push = ["export", "out", "--to", "hf", "--push", "hf://datasets/me/chosen", "--private"];
        CliResult pushed = await SucceedAsync(push);
        Assert.Equal((0, false), (_hub.FailingUploads, _hub.LosesCommit));
        Assert.Contains($"https://hub/commit/{_hub.Commit}", pushed.Out, StringComparison.Ordinal);
        Assert.True(_hub.Made["me/chosen"]);
        Assert.DoesNotContain("credentials.env", _hub.Committed.Keys);
        File.Delete(_folder["out/export-hf/credentials.env"]);
        foreach (string file in Directory.GetFiles(_folder["out/export-hf"], "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(_folder["out/export-hf"], file);
            Assert.Equal(
                await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken),
                _hub.Committed[name]
            );
        }

        string card = Encoding.UTF8.GetString(_hub.Committed["README.md"]);
        Assert.Contains("license:\n- cc-by-4.0\n", card, StringComparison.Ordinal);
        Assert.Contains(
            $"| `hf://datasets/org/rows/train.jsonl` | {_hub.Commit} | 200 |",
            card,
            StringComparison.Ordinal
        );
        Assert.Contains("The plan is proven optimal", card, StringComparison.Ordinal);
        JsonNode croissant = JsonNode.Parse(_hub.Committed["croissant.json"])!;
        Assert.Equal("http://mlcommons.org/croissant/1.1", croissant["conformsTo"]!.GetValue<string>());
        Assert.Equal(
            ["id", "instruction", "output", "source"],
            croissant["recordSet"]![0]!["field"]!
                .AsArray()
                .Select(field => field!["name"]!.GetValue<string>())
                .Order(StringComparer.Ordinal)
        );

        // What the hub has is not sent again.
        CliResult again = await SucceedAsync([.. push, "--force"]);
        Assert.Contains("0 B of them large", again.Out, StringComparison.Ordinal);
        foreach ((string name, byte[] content) in _hub.Committed)
        {
            PlantedSecrets.AssertNotIn(name, content);
        }
    }

    [Fact]
    public async Task Export_KilledWhileItSends_GoesOnAndCommitsTheFilesOfAnExport()
    {
        await SelectAsync();
        string[] export = ["export", "out", "--to", "hf", "--format", "parquet"];
        string[] push = [.. export, "--push", "hf://datasets/me/chosen"];
        Task held = _hub.Uploads.After(1);
        using (CliProcess process = CliProcess.Start(_folder.Root, _variables, push))
        {
            Task<CliResult> finished = process.FinishAsync();
            await Task.WhenAny(held, finished);
            process.Kill();
            PlantedSecrets.AssertNotIn(await finished);
        }

        Assert.True(held.IsCompleted, "Nothing was sent.");
        Assert.Empty(_hub.Committed);
        _hub.Uploads.Release();
        await SucceedAsync([.. push, "--force"]);
        Assert.NotEmpty(_hub.Committed);
        foreach ((string name, byte[] content) in _hub.Committed)
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(_folder[$"out/export-hf/{name}"], TestContext.Current.CancellationToken),
                content
            );
        }
    }

    [Fact]
    public async Task Export_AnswersThatAreNone_SaysSoAndMayBeRunAgain()
    {
        await SelectAsync();
        string[] push = ["export", "out", "--to", "hf", "--push", "hf://datasets/me/chosen"];
        foreach (string part in new[] { "preupload", "batch", "commit" })
        {
            _hub.Hijacked = part;
            CliResult result = await TryAsync([.. push, "--format", "parquet"]);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(
                "hf://datasets/me/chosen: expected an answer of the hub's API with",
                result.Error,
                StringComparison.Ordinal
            );
            Assert.Contains("check HF_ENDPOINT", result.Error, StringComparison.Ordinal);
            Assert.Empty(_hub.Committed);
            Assert.False(Directory.Exists(_folder["out/export-hf"]));
        }

        // Nothing stands in the way of the same command where the hub answers.
        _hub.Hijacked = null;
        await SucceedAsync([.. push, "--format", "parquet"]);
        Assert.NotEmpty(_hub.Committed);
    }

    [Fact]
    public async Task Export_PushWithoutToken_SaysWhatToDo()
    {
        _variables["HF_TOKEN"] = "";
        await SelectAsync();
        CliResult result = await TryAsync(["export", "out", "--to", "hf", "--push", "hf://datasets/me/chosen"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("needs a token that may write", result.Error, StringComparison.Ordinal);
        Assert.Empty(_hub.Made);

        // Nothing stands in the way of the same command with a token.
        Assert.False(Directory.Exists(_folder["out/export-hf"]));
    }

    private Task<CliResult> SelectAsync() =>
        SucceedAsync(
            "select",
            "--pool",
            "hub/org/rows",
            "--target",
            "targets.jsonl",
            "--budget",
            "20",
            "--embedder",
            "lexical",
            "--out",
            "out"
        );

    private async Task<CliResult> SucceedAsync(params string[] arguments)
    {
        CliResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        return result;
    }

    private async Task<CliResult> TryAsync(string[] arguments)
    {
        using CliProcess process = CliProcess.Start(_folder.Root, _variables, arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }
}
