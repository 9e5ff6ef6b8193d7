using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Packages;

/// <summary>
/// The container image that <c>eng/image.sh</c> makes, on a base that a registry in this process serves.
/// </summary>
public sealed class PublishedImage : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    /// <summary>Gets the archive.</summary>
    public string Path => _folder["image.tar"];

    /// <summary>Gets the hash of the base's only layer.</summary>
    public string BaseLayer { get; private set; } = "";

    /// <summary>Gets the entry of the archive's manifest.</summary>
    public JsonNode Manifest { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        byte[] layer = await BaseImage.WriteLayerAsync();
        using ImageRegistry registry = new(layer, BaseImage.Compress(layer));
        CliResult result = await MakeAsync(Path, registry.ImageName);
        Assert.True(result.ExitCode == 0, result.Out + result.Error);
        BaseLayer = registry.LayerId;
        Manifest = Json("manifest.json")[0]!;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads a file of JSON in the archive.</summary>
    public JsonNode Json(string name)
    {
        using Stream content = Open(name);
        return JsonNode.Parse(content)!;
    }

    /// <summary>Opens a file in the archive.</summary>
    public Stream Open(string name)
    {
        using TarReader tar = new(File.OpenRead(Path));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                MemoryStream copy = new();
                entry.DataStream!.CopyTo(copy);
                copy.Position = 0;
                return copy;
            }
        }

        throw new FileNotFoundException($"Expected {name} in {Path}, found none.");
    }

    /// <summary>Makes an image on a base.</summary>
    internal static Task<CliResult> MakeAsync(string path, string baseImage) =>
        Distributed.RunAsync(
            Repository.Root,
            "/bin/bash",
            ["eng/image.sh", "linux-x64", path],
            ("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)),
            ("PATH", Environment.GetEnvironmentVariable("PATH")!),
            ("TSDS_BASE_IMAGE", baseImage),
            ("UseSharedCompilation", "false")
        );
}
