using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Tsds.IntegrationTests;

/// <summary>The server of agents as a process, spoken to by the protocol's own client.</summary>
public sealed class McpTests : IAsyncLifetime
{
    private static readonly string[] Pool = ["pool.jsonl"];
    private static readonly string[] Target = ["targets.jsonl"];

    private readonly TestFolder _folder = new();
    private McpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["allowed"]);
        _folder.WritePool("allowed/pool.jsonl", 200);
        _folder.WriteTargets("allowed/targets.jsonl", 8);
        _folder.WriteTargets("secret.jsonl", 8);
        Directory.CreateSymbolicLink(_folder["link"], _folder["allowed"]);
        File.CreateSymbolicLink(_folder["allowed/link.jsonl"], _folder["secret.jsonl"]);
        StdioClientTransport transport = new(
            new StdioClientTransportOptions
            {
                Command = CliProcess.Program[0],
                Arguments = [.. CliProcess.Program.Skip(1), "mcp", _folder["link"]],
                WorkingDirectory = _folder.Root,
                EnvironmentVariables = new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = _folder["cache"] },
            }
        );
        _client = await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tools_List_HasSevenWithSchemas()
    {
        IList<McpClientTool> tools = await _client.ListToolsAsync(
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(
            ["compare", "estimate", "explain", "export", "inspect", "select", "verify"],
            tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(
            tools,
            tool =>
            {
                Assert.Equal("object", tool.JsonSchema.GetProperty("type").GetString());
                Assert.True(tool.JsonSchema.GetProperty("required").GetArrayLength() > 0);
                Assert.InRange(tool.Description.Length, 20, 300);
            }
        );
    }

    [Fact]
    public async Task Tools_FromInspectionToExport_AnswerBriefly()
    {
        JsonNode inspected = await SucceedAsync("inspect", ("paths", Pool.Concat(Target)));
        Assert.Equal(208, inspected["rows"]!.GetValue<int>());
        Assert.Equal("alpaca", inspected["fileList"]![0]!["schema"]!.GetValue<string>());
        JsonNode plan = await SucceedAsync("estimate", Inputs());
        Assert.True(plan["memoryBytes"]!.GetValue<long>() > 0);
        Assert.False(Directory.Exists(_folder["allowed/out"]));

        JsonNode selected = await SucceedAsync("select", [.. Inputs(), ("out", "out")]);
        Assert.True(selected["certified"]!.GetValue<bool>());
        Assert.Equal(10, File.ReadLines(_folder["allowed/out/selected.jsonl"]).Count());
        JsonNode explained = await SucceedAsync("explain", ("selection", "out"), ("subject", "row:0"));
        Assert.Equal(0, explained["row"]!.GetValue<int>());
        Assert.True((await SucceedAsync("verify", ("selection", "out")))["agrees"]!.GetValue<bool>());
        JsonNode exported = await SucceedAsync("export", ("selection", "out"), ("to", "axolotl"));
        Assert.Contains("datasets:", exported["snippet"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode compared = await SucceedAsync("compare", [.. Inputs(), ("out", "scores"), ("methods", "random")]);
        Assert.Equal(2, compared["methods"]!.AsArray().Count);
    }

    [Fact]
    public async Task Select_ExistingFolder_IsReplacedOnlyIfAskedFor()
    {
        await SucceedAsync("select", [.. Inputs(), ("out", "out")]);
        string before = _folder.Hash("allowed/out/manifest.json");
        Assert.Contains(
            "--force",
            await FailAsync("select", [.. Inputs(), ("out", "out"), ("seed", 1)]),
            StringComparison.Ordinal
        );
        Assert.Equal(before, _folder.Hash("allowed/out/manifest.json"));
        await SucceedAsync("select", [.. Inputs(), ("out", "out"), ("seed", 1), ("overwrite", true)]);
        Assert.NotEqual(before, _folder.Hash("allowed/out/manifest.json"));
    }

    [Theory]
    [InlineData("../secret.jsonl")]
    [InlineData("link.jsonl")]
    [InlineData("/etc/passwd")]
    [InlineData("../allowed")]
    public async Task Inspect_PathThatLeadsOutside_IsRefused(string path)
    {
        // The folder itself has a link that leads outside, wherever it is named from.
        string sentence = await FailAsync("inspect", ("paths", new[] { path }));
        Assert.Contains("leads elsewhere", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_OutputOutside_IsRefused()
    {
        string sentence = await FailAsync("select", [.. Inputs(), ("out", "../out")]);
        Assert.Contains("leads elsewhere", sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Explain_ManifestThatNamesAFileOutside_IsRefused()
    {
        await SucceedAsync("select", [.. Inputs(), ("out", "out")]);
        string manifest = _folder["allowed/out/manifest.json"];
        string text = await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken);
        JsonNode content = JsonNode.Parse(text)!;
        content["spec"]!["target"] = new JsonArray($"task={_folder["secret.jsonl"]}:0.5");
        await File.WriteAllTextAsync(manifest, content.ToJsonString(), TestContext.Current.CancellationToken);
        foreach (string tool in (string[])["explain", "verify"])
        {
            (string, object)[] args =
                tool == "explain" ? [("selection", "out"), ("subject", "row:0")] : [("selection", "out")];
            Assert.Contains("leads elsewhere", await FailAsync(tool, args), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("budget", "--force")]
    [InlineData("embedder", "openai:http://localhost#m")]
    [InlineData("bugdet", "5")]
    public async Task Select_WrongParameter_IsNamed(string name, string value)
    {
        (string, object)[] inputs = [.. Inputs().Where(input => input.Name != name), ("out", "out"), (name, value)];
        Assert.Contains(
            $"'{value}'",
            (await FailAsync("select", inputs)).Replace($"'{name}'", $"'{value}'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder["allowed/out"]));
    }

    private static (string Name, object Value)[] Inputs() => [("pool", Pool), ("target", Target), ("budget", "5%")];

    private async Task<JsonNode> SucceedAsync(string tool, params (string Name, object Value)[] args)
    {
        CallToolResult result = await CallAsync(tool, args);
        string text = Text(result);
        Assert.False(result.IsError ?? false, text);
        Assert.InRange(text.Length, 2, 6_000);
        return JsonNode.Parse(text)!;
    }

    private async Task<string> FailAsync(string tool, params (string Name, object Value)[] args)
    {
        CallToolResult result = await CallAsync(tool, args);
        Assert.True(result.IsError ?? false, Text(result));
        Assert.DoesNotContain('\n', Text(result));
        return Text(result);
    }

    private ValueTask<CallToolResult> CallAsync(string tool, (string Name, object Value)[] args) =>
        _client.CallToolAsync(
            tool,
            args.ToDictionary(arg => arg.Name, object? (arg) => arg.Value),
            cancellationToken: TestContext.Current.CancellationToken
        );

    private static string Text(CallToolResult result) =>
        Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
