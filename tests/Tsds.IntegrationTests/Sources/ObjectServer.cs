using System.Diagnostics;
using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// An S3 server, s3rver, and before it a proxy where things go wrong.
/// </summary>
internal sealed class ObjectServer : IAsyncDisposable
{
    public const string Bucket = "pool";

    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private readonly Process _server;
    private readonly TempFolder _folder;

    /// <summary>The beginning of paths at a gateway: who owns the bucket.</summary>
    private const string Owner = "/org";

    private readonly WebServer _proxy;
    private int _writes;

    private ObjectServer(Process server, TempFolder folder, WebServer proxy, Uri behind, Faults faults)
    {
        (_server, _folder, _proxy, Behind, Faults) = (server, folder, proxy, behind, faults);
    }

    /// <summary>Gets the address at which things go wrong.</summary>
    public Uri Url => _proxy.Url;

    /// <summary>Gets the address of the server itself.</summary>
    public Uri Behind { get; }

    /// <summary>Gets what goes wrong.</summary>
    public Faults Faults { get; }

    /// <summary>Gets or sets a value indicating whether two of three things that are written go wrong.</summary>
    public bool WritesFail { get; set; }

    /// <summary>Gets the number of things that were to be written and went wrong.</summary>
    public int FailedWrites { get; private set; }

    /// <summary>Gets the number of parts of large files that were to be written.</summary>
    public int SentParts { get; private set; }

    /// <summary>Gets the requests so far.</summary>
    public IReadOnlyCollection<string> Requests => _proxy.Requests;

    /// <summary>Starts both.</summary>
    public static async Task<ObjectServer> StartAsync()
    {
        string program = Path.Combine(Repository.Root, "tests", "servers", "s3.js");
        Assert.True(
            Directory.Exists(Path.Combine(Path.GetDirectoryName(program)!, "node_modules")),
            "The packages of tests/servers are missing; run 'npm ci --prefix tests/servers'."
        );
        TempFolder folder = new();
        int port = FreePort.Find();
        ProcessStartInfo start = new(
            "node",
            [program, "-d", folder.Root, "-a", "127.0.0.1", "-p", $"{port}", "-s", "--configure-bucket", Bucket]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = PlantedSecrets.KeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = PlantedSecrets.Secret;
        Process server = Process.Start(start)!;
        await server.StandardOutput.ReadLineAsync();
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
            {
                break;
            }
        }

        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        Faults faults = new();
        Uri behind = new($"http://127.0.0.1:{port}/");
        ObjectServer? objects = null;
        WebServer proxy = await WebServer.StartAsync(context =>
            objects!.FailAsync(context, () => objects.ForwardAsync(context))
        );
        objects = new ObjectServer(server, folder, proxy, behind, faults);
        return objects;
    }

    /// <summary>Stores a file, past the proxy.</summary>
    public async Task PutAsync(string key, string path)
    {
        using ByteArrayContent content = new(await File.ReadAllBytesAsync(path));
        using HttpResponseMessage response = await Client.PutAsync(new Uri(Behind, $"{Bucket}/{key}"), content);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Returns the keys below a prefix, past the proxy.</summary>
    public async Task<string[]> KeysAsync(string prefix)
    {
        string list = await Client.GetStringAsync(
            new Uri(Behind, $"{Bucket}?list-type=2&prefix={Uri.EscapeDataString(prefix)}")
        );
        return
        [
            .. XDocument
                .Parse(list)
                .Descendants()
                .Where(element => element.Name.LocalName == "Key")
                .Select(element => element.Value)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the content of a file, past the proxy.</summary>
    public Task<byte[]> GetAsync(string key) => Client.GetByteArrayAsync(new Uri(Behind, $"{Bucket}/{key}"));

    /// <summary>Answers a request, or not: that it did what was asked for may not become known.</summary>
    private async Task FailAsync(HttpContext context, Func<Task> answer)
    {
        SentParts += context.Request.Query.ContainsKey("partNumber") ? 1 : 0;
        int kind =
            WritesFail && context.Request.Method is ("PUT" or "POST") ? Interlocked.Increment(ref _writes) % 3 : 0;
        switch (kind)
        {
            case 1:
                FailedWrites++;
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case 2:
                FailedWrites++;
                await answer();
                context.Abort();
                return;
            default:
                await answer();
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _folder.Dispose();
    }

    /// <summary>Passes a request on to the server.</summary>
    public async Task ForwardAsync(HttpContext context)
    {
        // The hub's gateway has the owner of a bucket before it, and the server behind has no owners.
        PathString path = context.Request.Path.StartsWithSegments(Owner, out PathString owned)
            ? owned
            : context.Request.Path;
        using HttpRequestMessage request = new(
            new HttpMethod(context.Request.Method),
            new Uri(Behind, path.ToUriComponent() + context.Request.QueryString)
        );
        if (context.Request.ContentLength > 0)
        {
            MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
        }

        // The host is signed: the server must see the one that the client meant.
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using HttpResponseMessage response = await Client.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive" or "Date"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        bool isRead = context.Request.Method == "GET" && response.StatusCode == HttpStatusCode.PartialContent;
        if (isRead)
        {
            await Faults.SendAsync(context, answer);
        }
        else if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(answer);
        }
    }
}
