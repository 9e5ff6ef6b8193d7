using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The server of <c>tsds explore</c>: what is answered.</summary>
public sealed class ExploreTests : IAsyncLifetime, IDisposable
{
    private const int Rows = ExploredFolder.Rows;
    private const int Targets = ExploredFolder.Targets;

    private readonly TestFolder _folder = new();

    public ValueTask InitializeAsync() => ExploredFolder.SelectAsync(_folder);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Stopped_WhileItOpensOrAfterwards_LeavesNothingBehind(string signal)
    {
        string temporary = Directory.CreateDirectory(_folder["temporary"]).FullName;
        Dictionary<string, string> variables = new() { ["TMPDIR"] = temporary };
        using (ExplorerProcess opening = await ExplorerProcess.ListenAsync(_folder.Root, variables, "out"))
        {
            Assert.Equal(0, (await opening.StopAsync(signal)).ExitCode);
        }

        using (ExplorerProcess open = await ExplorerProcess.ListenAsync(_folder.Root, variables, "out"))
        {
            await open.OpenedAsync();
            Assert.Single(Directory.EnumerateDirectories(temporary, "tsds-again-*"));
            Assert.Equal(0, (await open.StopAsync(signal)).ExitCode);
        }

        Assert.Empty(Directory.EnumerateDirectories(temporary, "tsds-*"));
    }

    [Fact]
    public async Task HostileRow_ComesAsDataAPageAtATime()
    {
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");
        int last = Rows - 1;

        JsonNode listed = (await explorer.ReadAsync($"api/rows?ids={last}"))["rows"]![0]!;
        using HttpResponseMessage raw = await explorer.GetAsync($"api/row/{last}");
        string text = await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        JsonNode row = JsonNode.Parse(text)!;

        Assert.Equal("application/json", raw.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.True(listed["cut"]!.GetValue<bool>());
        Assert.Equal(4_000, listed["text"]!.GetValue<string>().Length);
        Assert.True(row["characters"]!.GetValue<int>() > 1_000_000);
        StringBuilder read = new();
        int pages = 0;
        for (int? start = 0; start is { } at; pages++)
        {
            JsonNode page = await explorer.ReadAsync($"api/row/{last}?start={at}");
            string part = string.Concat(page["turns"]!.AsArray().Select(turn => turn!["text"]!.GetValue<string>()));
            Assert.InRange(part.Length, 1, 65_536);
            read.Append(part);
            start = page["next"]?.GetValue<int>();
        }

        Assert.Equal(16, pages);
        Assert.Equal(row["characters"]!.GetValue<int>(), read.Length);
        Assert.StartsWith("<script>alert(1)</script>", read.ToString(), StringComparison.Ordinal);
        using HttpResponseMessage many = await explorer.GetAsync(
            "api/rows?ids=" + string.Join(',', Enumerable.Range(0, 51))
        );
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
        (HttpStatusCode status, _) = await explorer.SendAsync(
            "api/plan",
            $$"""{"exclude":[{{string.Join(',', Enumerable.Repeat("1", 9 << 20))}}]}"""
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task ChangedPlan_Saved_IsVerifiedAndMadeByItsCommand()
    {
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");
        JsonNode now = await explorer.PlanAsync("api/plan", "{}");
        Assert.Equal("0", now["plan"]!.GetValue<string>());
        Assert.Equal(0, now["cameCount"]!.GetValue<int>());
        long[] chosen = await ChosenAsync(explorer, "0");
        Assert.Equal(20, chosen.Length);

        string change =
            $$"""{"alpha":0.3,"budget":"24","exclude":[{{chosen[0]}},{{chosen[1]}}],"keep":[{{chosen[2]}}],"targets":[{{chosen[3]}}],"withoutTargets":[1]}""";
        JsonNode plan = await explorer.PlanAsync("api/plan", change);
        JsonNode again = await explorer.PlanAsync("api/plan", change);
        string id = plan["plan"]!.GetValue<string>();
        long[] after = await ChosenAsync(explorer, id);
        JsonNode command = await explorer.PlanAsync("api/command", $$"""{"plan":"{{id}}","folder":"by-command"}""");
        JsonNode saved = await explorer.PlanAsync("api/save", $$"""{"plan":"{{id}}","folder":"changed"}""");
        (HttpStatusCode twice, _) = await explorer.SendAsync("api/save", $$"""{"plan":"{{id}}","folder":"changed"}""");
        (HttpStatusCode outside, _) = await explorer.SendAsync(
            "api/save",
            $$"""{"plan":"{{id}}","folder":"../elsewhere"}"""
        );

        Assert.Equal(id, again["plan"]!.GetValue<string>());
        Assert.True(plan["certified"]!.GetValue<bool>());
        Assert.Equal(25, plan["chosen"]!.GetValue<int>());
        Assert.DoesNotContain(chosen[0], after);
        Assert.DoesNotContain(chosen[1], after);
        Assert.Contains(chosen[2], after);
        Assert.True(plan["canSave"]!.GetValue<bool>());
        Assert.True(plan["gap"]!.GetValue<double>() >= 0);
        Assert.Equal(HttpStatusCode.Conflict, twice);
        Assert.Equal(HttpStatusCode.BadRequest, outside);
        Assert.Equal("changed", saved["folder"]!.GetValue<string>());

        // What is saved is the plan that was shown, verify agrees, and the command line makes the same files.
        long[] written =
        [
            .. _folder
                .Lines("changed/lineage.jsonl")
                .Where(line => line["count"]!.GetValue<long>() > 0)
                .Select(line => line["row"]!.GetValue<long>()),
        ];
        Assert.Equal(after.Where(row => row != chosen[2]), written.Order());
        Assert.Equal(25, File.ReadLines(_folder["changed/selected.jsonl"]).Count());
        JsonNode spec = _folder.Manifest("changed")["spec"]!;
        Assert.Equal("out", spec["origin"]!["folder"]!.GetValue<string>());
        Assert.Equal(_folder.Hash("out/manifest.json"), spec["origin"]!["sha256"]!.GetValue<string>());
        Assert.Contains(
            "2 rows left out",
            spec["origin"]!["changes"]!.AsArray().Select(text => text!.GetValue<string>())
        );
        Assert.Contains(
            "targets left out: #1",
            spec["origin"]!["changes"]!.AsArray().Select(text => text!.GetValue<string>())
        );
        Assert.Equal(Targets, _folder.Lines("changed/targets.jsonl").Length);
        Assert.DoesNotContain(
            "t1",
            _folder.Lines("changed/targets.jsonl").Select(line => line["id"]?.GetValue<string>())
        );
        Assert.Null(_folder.Manifest("out")["spec"]!["origin"]);
        JsonNode verified = await explorer.PlanAsync("api/verify", """{"folder":"changed"}""");
        (HttpStatusCode notSaved, _) = await explorer.SendAsync("api/verify", """{"folder":"out"}""");
        Assert.True(verified["agrees"]!.GetValue<bool>());
        Assert.Contains(verified["checks"]!.AsArray(), check => (string)check!["name"]! == "selection");
        Assert.Equal(HttpStatusCode.NotFound, notSaved);
        await CliProcess.SucceedAsync(_folder.Root, "verify", "changed");
        string[] words = command["command"]!.GetValue<string>().Split(' ');
        Assert.DoesNotContain('\'', command["command"]!.GetValue<string>());
        await CliProcess.SucceedAsync(_folder.Root, words[1..]);
        foreach (string file in new[] { "selected.jsonl", "lineage.jsonl", "targets.jsonl", "path.csv" })
        {
            Assert.Equal(_folder.Hash($"changed/{file}"), _folder.Hash($"by-command/{file}"));
        }
    }

    [Fact]
    public async Task SecondSelectionAndMaps_AreThere()
    {
        await CliProcess.SucceedAsync(
            _folder.Root,
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "9",
            "--method",
            "random",
            "--out",
            "other"
        );
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out", "other");

        JsonNode view = await explorer.ReadAsync("api/view");
        byte[] layer = await explorer.Client.GetByteArrayAsync(
            new Uri(explorer.Address, "api/layer/0"),
            TestContext.Current.CancellationToken
        );
        byte[] axes = await explorer.Client.GetByteArrayAsync(
            new Uri(explorer.Address, "api/points?projection=axes"),
            TestContext.Current.CancellationToken
        );
        JsonNode found = await explorer.ReadAsync("api/search?q=onion");
        JsonNode near = await explorer.ReadAsync("api/near?row=3&count=5");
        JsonNode target = await explorer.ReadAsync("api/target/2");

        Assert.Equal("other", view["layers"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(9, layer.Count(count => count > 0));
        Assert.Equal((Rows + Targets) * 5, axes.Length);
        Assert.Equal(20, axes[^(Rows + Targets)..^Targets].Count(state => (state & 1) != 0));
        Assert.Equal(
            File.ReadLines(_folder["pool.jsonl"]).Count(line => line.Contains("onion", StringComparison.Ordinal)),
            found["total"]!.GetValue<int>()
        );
        Assert.Equal(3, near["rows"]![0]!["row"]!.GetValue<int>());
        Assert.True(target["rows"]!.AsArray().Count > 0);
    }

    [Fact]
    public async Task Comparison_OfThePool_IsALayerForEachMethod()
    {
        await CliProcess.SucceedAsync(
            _folder.Root,
            "compare",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "20",
            "--methods",
            "tsds,random",
            "--out",
            "scores"
        );
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out", "scores");

        JsonNode[] layers = [.. (await explorer.ReadAsync("api/view"))["layers"]!.AsArray().Select(layer => layer!)];

        Assert.Equal(["random", "tsds"], layers.Select(layer => layer["name"]!.GetValue<string>()).Order());
        Assert.All(layers, layer => Assert.Equal("method", layer["kind"]!.GetValue<string>()));
        for (int i = 0; i < layers.Length; i++)
        {
            byte[] counts = await explorer.Client.GetByteArrayAsync(
                new Uri(explorer.Address, $"api/layer/{i}"),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(Rows, counts.Length);
            Assert.Equal(layers[i]["chosen"]!.GetValue<int>(), counts.Count(count => count > 0));
            Assert.True(counts.Count(count => count > 0) >= 20);
        }

        // A fold of targets of cooking chooses rows of cooking; chance does not.
        double ours = await ShareOfCookingAsync("tsds");
        Assert.True(ours > 2 * await ShareOfCookingAsync("random"), $"{ours}");

        using HttpResponseMessage beyond = await explorer.GetAsync("api/layer/99");
        Assert.Contains(
            "from 0 to 1",
            await beyond.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );

        async Task<double> ShareOfCookingAsync(string method)
        {
            byte[] counts = await explorer.Client.GetByteArrayAsync(
                new Uri(
                    explorer.Address,
                    $"api/layer/{Array.FindIndex(layers, layer => (string)layer["name"]! == method)}"
                ),
                TestContext.Current.CancellationToken
            );
            return (double)Enumerable.Range(0, Rows).Where(row => row % 3 == 0).Sum(row => counts[row])
                / counts.Sum(count => count);
        }
    }

    [Fact]
    public async Task Caps_OfASource_HoldInPlanAndFolder()
    {
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");

        // Rows of astronomy as targets, so that there is something else to choose.
        JsonNode before = await explorer.PlanAsync("api/plan", """{"alpha":0.3,"targets":[1,4,7,10]}""");
        const string Change = """{"alpha":0.3,"targets":[1,4,7,10],"caps":[{"source":"cooking","share":0.4}]}""";

        JsonNode plan = await explorer.PlanAsync("api/plan", Change);
        await explorer.PlanAsync("api/save", $$"""{"plan":"{{plan["plan"]}}","folder":"capped"}""");
        (HttpStatusCode unknown, _) = await explorer.SendAsync(
            "api/plan",
            """{"caps":[{"source":"cooking","share":1.5}]}"""
        );

        Assert.True(ChosenOf(before, "cooking") > 8);
        Assert.Equal(8, ChosenOf(plan, "cooking"));
        Assert.Equal(20, plan["chosen"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.BadRequest, unknown);
        Assert.Equal(8, _folder.Lines("capped/selected.jsonl").Count(row => (string)row["source"]! == "cooking"));
        Assert.Contains(
            "cap cooking=40%",
            _folder.Manifest("capped")["spec"]!["origin"]!["changes"]!
                .AsArray()
                .Select(text => text!.GetValue<string>())
        );
        await CliProcess.SucceedAsync(_folder.Root, "verify", "capped");

        static int ChosenOf(JsonNode plan, string source) =>
            plan["sources"]!.AsArray().Single(item => (string)item!["name"]! == source)!["after"]!.GetValue<int>();
    }

    [Fact]
    public async Task Layer_WhereThereIsNone_IsSaid()
    {
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");

        using HttpResponseMessage answer = await explorer.GetAsync("api/layer/99");

        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("tsds explore OUT OTHER", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-1", text, StringComparison.Ordinal);
    }

    private static async Task<long[]> ChosenAsync(ExplorerProcess explorer, string plan)
    {
        byte[] states = await explorer.Client.GetByteArrayAsync(new Uri(explorer.Address, $"api/plan/{plan}/state"));
        Assert.Equal(Rows + Targets, states.Length);
        return [.. Enumerable.Range(0, Rows).Where(row => (states[row] & 1) != 0).Select(row => (long)row)];
    }
}
