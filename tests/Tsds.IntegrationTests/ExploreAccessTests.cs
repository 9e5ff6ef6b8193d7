using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The server of <c>tsds explore</c>: who may ask, and for what.</summary>
public sealed class ExploreAccessTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();

    public ValueTask InitializeAsync() => ExploredFolder.SelectAsync(_folder);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_OfOthers_AreRefused()
    {
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");
        string own = $"http://127.0.0.1:{explorer.Address.Port}";

        await RefusedAsync(explorer, HttpStatusCode.MisdirectedRequest, ("Host", $"evil.test:{explorer.Address.Port}"));
        await RefusedAsync(explorer, HttpStatusCode.MisdirectedRequest, ("Host", "127.0.0.1:1"));
        await RefusedAsync(explorer, HttpStatusCode.MisdirectedRequest, ("Host", "127.0.0.1"));
        await RefusedAsync(explorer, HttpStatusCode.Forbidden, ("Origin", "http://evil.test"));
        await RefusedAsync(explorer, HttpStatusCode.Forbidden, ("Origin", "null"));
        await RefusedAsync(
            explorer,
            HttpStatusCode.Forbidden,
            ("Origin", own.Replace("http", "https", StringComparison.Ordinal))
        );
        await RefusedAsync(explorer, HttpStatusCode.Forbidden, ("Sec-Fetch-Site", "cross-site"));
        using HttpResponseMessage allowed = await explorer.GetAsync(
            "api/view",
            ("Origin", own),
            ("Sec-Fetch-Site", "same-origin")
        );
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.StartsWith(
            "default-src 'none'",
            Assert.Single(allowed.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        Assert.Equal("nosniff", Assert.Single(allowed.Headers.GetValues("X-Content-Type-Options")));
        using StringContent form = new("{}", Encoding.UTF8, "text/plain");
        using HttpResponseMessage simple = await explorer.Client.PostAsync(
            explorer.Address + "api/plan",
            form,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, simple.StatusCode);
        CliResult stopped = await explorer.StopAsync();
        Assert.Equal(0, stopped.ExitCode);
    }

    [Fact]
    public async Task Bind_AnAddress_WantsTheToken()
    {
        using ExplorerProcess explorer = await ExplorerProcess.ListenAsync(
            _folder.Root,
            "out",
            "--bind",
            "127.0.0.1",
            "--json"
        );

        await RefusedAsync(explorer, HttpStatusCode.Unauthorized);
        await RefusedAsync(explorer, HttpStatusCode.Unauthorized, ("Authorization", "Bearer 0123456789abcdef"));
        await RefusedAsync(explorer, HttpStatusCode.Unauthorized, ("Cookie", "tsds-token="));

        // Stopping shows what was printed; the next process has another token.
        CliResult stopped = await explorer.StopAsync();
        string address = JsonNode.Parse(stopped.Out.Split('\n')[0])!["address"]!.GetValue<string>();
        Assert.Matches("[?]token=[0-9a-f]{32}$", address);
    }

    [Fact]
    public async Task Bind_AnyAddress_AnswersWhoHasTheTokenAlone()
    {
        using ExplorerProcess explorer = await ExplorerProcess.ListenAsync(_folder.Root, "out", "--bind", "0.0.0.0");
        Uri printed = new(await explorer.ReadFirstLineAsync());
        string token = printed.Query["?token=".Length..];
        string host = $"{OwnAddress()}:{explorer.Address.Port}";

        // A wrong token, none, and the right one: by the address that others use, and under a name that is not ours.
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "api/view?token=" + new string('0', 32)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "api/view"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "", ("Cookie", "tsds-token=" + token[..31])));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "", ("Authorization", "Bearer " + token[1..])));
        Assert.Equal(
            HttpStatusCode.MisdirectedRequest,
            await AskAsync(host, "", ("Authorization", "Bearer " + token), ("Host", $"evil.test:{printed.Port}"))
        );
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "", ("Authorization", "Bearer " + token)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "", ("Cookie", "tsds-token=" + token)));

        // What is printed is opened: it sets the cookie, and the address keeps no token.
        using HttpResponseMessage opened = await explorer.Client.GetAsync(
            printed,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        Assert.Equal("/", opened.Headers.Location!.OriginalString);
        string cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"tsds-token={token};", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        async Task<HttpStatusCode> AskAsync(string at, string path, params (string Name, string Value)[] headers)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://{at}/{path}");
            foreach ((string name, string value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage answer = await explorer.Client.SendAsync(
                request,
                TestContext.Current.CancellationToken
            );
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Bind_AnAddressOfAnotherMachine_IsNamed()
    {
        await File.WriteAllTextAsync(_folder["index.html"], "<!doctype html>", TestContext.Current.CancellationToken);
        using CliProcess process = CliProcess.Start(
            _folder.Root,
            new Dictionary<string, string> { ["TSDS_EXPLORER_PAGE"] = _folder.Root },
            ["explore", "out", "--no-browser", "--bind", "192.0.2.1"]
        );

        await process.WaitForErrorLineAsync("address of this machine for --bind, found '192.0.2.1'");
    }

    [Fact]
    public async Task Paths_OfOtherThings_AreNotFound()
    {
        string[] paths =
        [
            "../out/manifest.json",
            "..%2fout%2fmanifest.json",
            "%2e%2e/%2e%2e/etc/passwd",
            "out/manifest.json",
            "pool.jsonl",
            "page/index.html/..%5c..%5cTsds.Cli.dll",
            "Tsds.Cli.dll",
            "api/layer/0",
            "api/layer/-1",
            "api/row/240",
            "api/row/-1",
            "api/row/99999999999999999999",
            "api/target/6",
            "api/row/1?plan=0123456789abcdef",
            "api/column?name=../../manifest.json",
            "api/points?projection=..",
        ];
        using ExplorerProcess explorer = await ExplorerProcess.StartAsync(_folder.Root, "out");
        foreach (string path in paths)
        {
            // A client would take the dots away; a socket does not.
            string answer = await RawAsync(explorer.Address.Port, path);

            Assert.True(answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal), $"{path}: {answer}");
            Assert.DoesNotContain("sha256", answer, StringComparison.Ordinal);
        }
    }

    /// <summary>Returns an address of this machine that others reach it by, or one more of its own.</summary>
    private static IPAddress OwnAddress() =>
        System
            .Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .Where(face => face.OperationalStatus == System.Net.NetworkInformation.OperationalStatus.Up)
            .SelectMany(face => face.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address =>
                address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)
            )
        ?? IPAddress.Parse("127.0.0.2");

    private static async Task RefusedAsync(
        ExplorerProcess explorer,
        HttpStatusCode status,
        params (string Name, string Value)[] headers
    )
    {
        using HttpResponseMessage answer = await explorer.GetAsync("api/view", headers);
        Assert.Equal(status, answer.StatusCode);
        Assert.DoesNotContain("folder", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> RawAsync(int port, string path)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
        );
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}
