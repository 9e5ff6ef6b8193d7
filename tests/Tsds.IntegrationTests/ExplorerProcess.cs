using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The explorer as a process that serves a folder, and requests to it.</summary>
internal sealed class ExplorerProcess : IDisposable
{
    private readonly CliProcess _process;

    private ExplorerProcess(CliProcess process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Gets the address that was printed.</summary>
    public Uri Address { get; }

    /// <summary>Gets the client of requests, which follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; } =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = SafetyNet.Limit };

    /// <summary>Starts the explorer and waits until the selection is open.</summary>
    public static async Task<ExplorerProcess> StartAsync(string folder, params string[] args)
    {
        ExplorerProcess explorer = await ListenAsync(folder, args);
        await explorer.OpenedAsync();
        return explorer;
    }

    /// <summary>Waits until the selection is open.</summary>
    public async Task OpenedAsync()
    {
        while (true)
        {
            using HttpResponseMessage answer = await GetAsync("api/view");
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Starts the explorer and waits until it listens.</summary>
    public static Task<ExplorerProcess> ListenAsync(string folder, params string[] args) =>
        ListenAsync(folder, new Dictionary<string, string>(), args);

    /// <summary>Starts the explorer with variables of the environment, and waits until it listens.</summary>
    public static async Task<ExplorerProcess> ListenAsync(
        string folder,
        Dictionary<string, string> variables,
        params string[] args
    )
    {
        // Questions to the server need no page; how the real one is built is tested elsewhere.
        string page = Path.Combine(folder, "page");
        Directory.CreateDirectory(page);
        await File.WriteAllTextAsync(Path.Combine(page, "index.html"), "<!doctype html><title>page</title>");
        int port = FreePort.Find();
        CliProcess process = CliProcess.Start(
            folder,
            new Dictionary<string, string>(variables) { ["TSDS_EXPLORER_PAGE"] = page },
            ["explore", .. args, "--no-browser", "--port", $"{port}"]
        );
        await process.WaitForErrorLineAsync("Open this address");
        return new ExplorerProcess(process, new Uri($"http://127.0.0.1:{port}/"));
    }

    /// <summary>Asks for a path; headers override what a client sends by itself.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Get, Address + path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    /// <summary>Asks for JSON, and fails the test where something else comes.</summary>
    public async Task<JsonNode> ReadAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Sends JSON, and returns the status with what came back.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(string path, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Address + path)
        {
            Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };

        // What is too large is refused before it is sent.
        request.Headers.ExpectContinue = json.Length > 1 << 20;
        using HttpResponseMessage answer = await Client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>Sends JSON, and fails the test where it is refused.</summary>
    public async Task<JsonNode> PlanAsync(string path, string json)
    {
        (HttpStatusCode status, JsonNode answer) = await SendAsync(path, json);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {(int)status} {answer}");
        return answer;
    }

    /// <summary>Sends a signal, that of Ctrl-C unless another is named, and waits for the end.</summary>
    public Task<CliResult> StopAsync(string signal = "INT")
    {
        _process.Signal(signal);
        return _process.FinishAsync();
    }

    /// <summary>Returns the first line that was printed: the address, or an event that holds it.</summary>
    public Task<string> ReadFirstLineAsync() => _process.ReadFirstLineAsync();

    public void Dispose()
    {
        Client.Dispose();
        _process.End();
        _process.Dispose();
    }
}
