using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.IntegrationTests.Packages;

/// <summary>A registry of containers on this machine that has one image of one layer.</summary>
internal sealed class ImageRegistry : IDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private readonly HttpListener _listener;
    private readonly byte[] _manifest;
    private readonly Dictionary<string, byte[]> _blobs;

    /// <summary>Starts to serve an image.</summary>
    /// <param name="tar">Its files.</param>
    /// <param name="layer">The same, compressed.</param>
    public ImageRegistry(byte[] tar, byte[] layer)
    {
        LayerId = Digest(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["""
                + $$$"""["{{{LayerId}}}"]},"history":[{"created":"2026-01-01T00:00:00Z"}]}"""[1..]
        );
        string described = Described("container.image.v1+json", config);
        string layers = Described("image.rootfs.diff.tar.gzip", layer);
        _manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{{described}},"layers":[{{layers}}]}"""
        );
        _blobs = new Dictionary<string, byte[]> { [Digest(config)] = config, [Digest(layer)] = layer };
        _listener = LocalHttp.Start("/", out int port);
        ImageName = $"localhost:{port}/base:latest";
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Gets the name of the image, with the registry's.</summary>
    public string ImageName { get; }

    /// <summary>Gets the hash of the layer's files.</summary>
    public string LayerId { get; }

    public void Dispose() => _listener.Close();

    private static string Described(string kind, byte[] content) =>
        $$"""{"mediaType":"application/vnd.docker.{{kind}}","size":{{content.Length}},"""
        + $$""" "digest":"{{Digest(content)}}"}""";

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task ServeAsync()
    {
        try
        {
            while (_listener.IsListening)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        bool isManifest = path.Contains("/manifests/", StringComparison.Ordinal);
        byte[] answer = isManifest ? _manifest : _blobs.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..], []);
        context.Response.ContentType = isManifest ? ManifestType : "application/octet-stream";
        context.Response.Headers["Docker-Content-Digest"] = Digest(answer);
        context.Response.ContentLength64 = answer.Length;
        if (context.Request.HttpMethod != "HEAD")
        {
            await context.Response.OutputStream.WriteAsync(answer);
        }

        context.Response.Close();
    }
}
