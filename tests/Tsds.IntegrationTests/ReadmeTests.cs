using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>
/// The commands that the README shows under "Start", "Three ways in", "Then" and "When one machine is not enough", as
/// they are printed there.
/// </summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ReadmeTests()
    {
        Directory.CreateDirectory(_folder["data"]);
        _folder.WritePool("data/rows.jsonl", 200);
        File.Copy(_folder["data/rows.jsonl"], _folder["data.jsonl"]);
        _folder.WriteTargets("examples.jsonl", 8);
        _folder.WriteVectors("data.npy", 200);
        _folder.WriteVectors("examples.npy", 8);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_AsPrinted_SelectsFromTheTwoSourcesThatTheTargetsAskFor()
    {
        Directory.CreateDirectory(_folder["samples"]);
        foreach (string name in (string[])["pool.jsonl", "targets.jsonl"])
        {
            File.Copy(Path.Combine(Repository.Root, "samples", name), _folder[$"samples/{name}"]);
        }

        string command = Commands("## Start")[0];
        CliResult result = await CliProcess.RunBuiltAsync(_folder.Root, [.. command.Split(' ').Skip(1), "--no-cache"]);
        Assert.True(result.ExitCode == 0, result.Error);
        string[] sources =
        [
            .. File.ReadAllLines(_folder["out/selected.jsonl"])
                .Select(row => JsonNode.Parse(row)!["source"]!.GetValue<string>()),
        ];
        Assert.Equal(100, sources.Length);
        Assert.True(sources.Count(source => source == "cooking") >= 35, string.Join(' ', sources));
        Assert.True(sources.Count(source => source == "sql") >= 35, string.Join(' ', sources));
        Assert.True(sources.Count(source => source is "cooking" or "sql") >= 90, string.Join(' ', sources));
    }

    [Fact]
    public async Task ThreeWaysIn_EachAsPrinted_SelectsRows()
    {
        string[] commands = Commands("## Three ways in");
        Assert.Equal(3, commands.Length);
        using HttpListener server = Serve(out int port);
        foreach (string command in commands)
        {
            string[] args =
            [
                .. command.Replace("localhost:8080", $"localhost:{port}", StringComparison.Ordinal).Split(' ').Skip(1),
                "--cache",
                "cache",
            ];
            CliResult result = await CliProcess.RunBuiltAsync(
                _folder.Root,
                command.Contains("vectors", StringComparison.Ordinal) ? args[..^2] : args
            );
            Assert.True(result.ExitCode == 0, command + "\n" + result.Error);
            Assert.Equal(10, File.ReadAllLines(_folder["out/selected.jsonl"]).Length);
            JsonNode manifest = JsonNode.Parse(
                await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
            )!;
            Assert.True(manifest["solution"]!["certified"]!.GetValue<bool>());
            if (command != commands[^1])
            {
                Directory.Delete(_folder["out"], recursive: true);
            }
        }
    }

    [Fact]
    public async Task Then_EachAsPrinted_Succeeds()
    {
        CliResult selected = await CliProcess.RunBuiltAsync(
            _folder.Root,
            "select",
            "--pool",
            "data/",
            "--target",
            "examples.jsonl",
            "--budget",
            "5%",
            "--out",
            "out/",
            "--no-cache"
        );
        Assert.True(selected.ExitCode == 0, selected.Error);
        foreach (string command in Commands("## Then"))
        {
            CliResult result = await CliProcess.RunBuiltAsync(_folder.Root, [.. command.Split(' ').Skip(1)]);
            Assert.True(result.ExitCode == 0, command + "\n" + result.Error);
        }
    }

    [Fact]
    public async Task WhenOneMachineIsNotEnough_BothAsPrinted_SelectRowsOnThreeWorkers()
    {
        string[] commands = Commands("## When one machine is not enough");
        Assert.Equal(2, commands.Length);
        foreach (string command in commands)
        {
            CliResult result = await CliProcess.RunBuiltAsync(_folder.Root, [.. command.Split(' ').Skip(1)]);
            Assert.True(result.ExitCode == 0, command + "\n" + result.Error);
            if (command == commands[^1])
            {
                Assert.Contains("cluster: 3 workers", result.Error, StringComparison.Ordinal);
            }
        }

        Assert.Equal(10, File.ReadAllLines(_folder["out/selected.jsonl"]).Length);
    }

    /// <summary>The indented lines of a section that run the tool.</summary>
    private static string[] Commands(string heading)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string section = readme[(readme.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        return
        [
            .. section
                .Split('\n')
                .Where(line => line.StartsWith("    ./tsds ", StringComparison.Ordinal))
                .Select(line => line.Trim()),
        ];
    }

    /// <summary>An endpoint that embeds a text by its letters.</summary>
    private static HttpListener Serve(out int port)
    {
        HttpListener listener = LocalHttp.Start("/v1/", out port);
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                using JsonDocument request = await JsonDocument.ParseAsync(context.Request.InputStream);
                JsonArray data = [];
                foreach (JsonElement text in request.RootElement.GetProperty("input").EnumerateArray())
                {
                    float[] vector = new float[26];
                    foreach (char letter in text.GetString()!.ToLowerInvariant().Where(char.IsAsciiLetterLower))
                    {
                        vector[letter - 'a']++;
                    }

                    string bytes = Convert.ToBase64String(
                        System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan())
                    );
                    data.Add(
                        new JsonObject
                        {
                            ["object"] = "embedding",
                            ["index"] = data.Count,
                            ["embedding"] = bytes,
                        }
                    );
                }

                string answer = new JsonObject
                {
                    ["object"] = "list",
                    ["model"] = "bge-small",
                    ["data"] = data,
                    ["usage"] = new JsonObject { ["prompt_tokens"] = 1, ["total_tokens"] = 1 },
                }.ToJsonString();
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                context.Response.Close();
            }
        });
        return listener;
    }
}
