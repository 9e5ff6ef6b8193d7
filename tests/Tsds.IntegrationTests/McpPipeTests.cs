using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The server of agents behind a pipe: requests are there at once, and so is the end of input.</summary>
public sealed class McpPipeTests : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"protocolVersion":"2025-06-18","""
        + """ "capabilities":{},"clientInfo":{"name":"pipe","version":"1"}}}""";

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private readonly TestFolder _folder = new();

    public McpPipeTests() => _folder.WritePool("pool.jsonl", 50);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Input_ThatEndsAtOnce_IsAnsweredWhole()
    {
        Dictionary<string, JsonNode> answers = await AnswersAsync(
            Initialize,
            Initialized,
            """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""",
            Inspect(3, "pool.jsonl"),
            Inspect(4, "nowhere")
        );
        Assert.Equal(["2", "3", "4", "first"], answers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("tsds", answers["first"]["result"]!["serverInfo"]!["name"]!.GetValue<string>());
        Assert.Equal(7, answers["2"]["result"]!["tools"]!.AsArray().Count);
        Assert.Contains("\"rows\":50", Text(answers["3"]), StringComparison.Ordinal);
        Assert.Contains("nowhere", Text(answers["4"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_ThatTakesARequestBack_DoesNotWaitForItsAnswer()
    {
        Dictionary<string, JsonNode> answers = await AnswersAsync(
            Initialize,
            Initialized,
            Inspect(2, "pool.jsonl"),
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}""",
            """{"jsonrpc":"2.0","id":3,"method":"ping"}"""
        );
        Assert.Contains("3", answers.Keys);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":""", -32700, null)]
    [InlineData("hello", -32700, null)]
    [InlineData("""{"id":7}""", -32600, "7")]
    [InlineData("""{"jsonrpc":"1.0","id":"a","method":"ping"}""", -32600, "a")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":5}""", -32600, "7")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600, "1.5")]
    [InlineData("""{"id":7,"id":8,"jsonrpc":"1.0"}""", -32600, "8")]
    [InlineData("[]", -32600, null)]
    [InlineData("null", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"frobnicate"}""", -32601, "7")]
    public async Task Line_ThatIsNoRequest_HasTheCodeOfJsonRpc(string line, int code, string? id)
    {
        JsonNode[] answers = await LinesAsync(line, """{"jsonrpc":"2.0","id":"last","method":"ping"}""");
        JsonNode refused = Assert.Single(answers, answer => answer["error"] is not null);
        Assert.Equal(code, refused["error"]!["code"]!.GetValue<int>());
        Assert.Equal(id, refused["id"]?.ToString());
        Assert.True(refused.AsObject().ContainsKey("id"));
        Assert.Contains(answers, answer => answer["id"]?.ToString() == "last" && answer["result"] is not null);
    }

    private static string Inspect(int id, string path) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","""
        + $$$""" "params":{"name":"inspect","arguments":{"paths":["{{{path}}}"]} } }""";

    private static string Text(JsonNode answer) => answer["result"]!["content"]![0]!["text"]!.GetValue<string>();

    private async Task<Dictionary<string, JsonNode>> AnswersAsync(params string[] lines) =>
        (await LinesAsync(lines)).ToDictionary(answer => answer["id"]!.ToString());

    private async Task<JsonNode[]> LinesAsync(params string[] lines)
    {
        byte[] input = Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line => line.Trim())) + "\n");
        CliResult result = await CliProcess.RunWithInputAsync(_folder.Root, input, "mcp", _folder.Root);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return [.. result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
