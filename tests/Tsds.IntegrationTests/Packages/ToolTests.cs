using System.IO.Compression;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The .NET tool as <c>eng/publish.sh linux-x64</c> packs it, from the folder of its packages alone.</summary>
public sealed class ToolTests : IDisposable
{
    private const string Package = "Tsds.Cli";

    // The largest package that the index of .NET's packages takes.
    private const long MostBytes = 250_000_000;

    private static readonly string Dotnet = Environment.ProcessPath!;
    private readonly TestFolder _folder = new();

    public ToolTests() =>
        File.WriteAllText(
            _folder["nuget.config"],
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="here" value="{Distributed.Root}" />
              </packageSources>
            </configuration>
            """
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tool_Installed_SelectsTheSameBytesAsTheSources()
    {
        await DotnetAsync("tool", "install", Package, "--tool-path", _folder["tools"]);
        await Distributed.SelectsWhatTheSourcesSelectAsync(
            _folder,
            [Path.Combine(_folder["tools"], "tsds")],
            Variables
        );
    }

    [Fact]
    public async Task Tool_ByDnx_RunsWithoutBeingInstalled()
    {
        _folder.WritePool("pool.jsonl", 20);
        CliResult result = await DotnetAsync("dnx", Package, "--yes", "inspect", "pool.jsonl", "--json");
        Assert.Contains("\"rows\":20", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_Packages_AreOneForThePlatformAndOneThatNamesIt()
    {
        string[] packages = Directory.GetFiles(Distributed.Root, "*.nupkg");
        Assert.All(packages, package => Assert.InRange(new FileInfo(package).Length, 1, MostBytes));
        string platform = Assert.Single(packages, package => package.Contains(".linux-x64.", StringComparison.Ordinal));
        using ZipArchive content = ZipFile.OpenRead(platform);
        string[] names = [.. content.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", names);
        Assert.Contains("tools/net10.0/linux-x64/libonnxruntime.so", names);
        Assert.DoesNotContain(names, name => name.EndsWith("/onnxruntime.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("/runtimes/", StringComparison.Ordinal));
        Assert.All(content.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));

        string pointer = Assert.Single(
            packages,
            package => Path.GetFileName(package).StartsWith(Package + ".0", StringComparison.Ordinal)
        );
        using ZipArchive list = ZipFile.OpenRead(pointer);
        using StreamReader settings = new(list.GetEntry("tools/any/any/DotnetToolSettings.xml")!.Open());
        Assert.Contains("Id=\"Tsds.Cli.linux-x64\"", settings.ReadToEnd(), StringComparison.Ordinal);
    }

    private (string Name, string Value)[] Variables =>
        [
            ("HOME", _folder.Root),
            ("PATH", "/usr/bin:/bin"),
            ("DOTNET_ROOT", Path.GetDirectoryName(Dotnet)!),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_NOLOGO", "1"),
        ];

    private async Task<CliResult> DotnetAsync(params string[] args)
    {
        CliResult result = await Distributed.RunAsync(_folder.Root, Dotnet, args, Variables);
        Assert.True(result.ExitCode == 0, result.Out + result.Error);
        return result;
    }
}
