using System.IO.Compression;
using System.Security.Cryptography;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The wheel for Linux, installed by pip into an environment of its own, without an index.</summary>
public sealed class WheelTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wheel_Installed_ItsCommandSelectsTheSameBytesAsTheSources()
    {
        string environment = await InstallAsync();
        await Distributed.SelectsWhatTheSourcesSelectAsync(_folder, [Path.Combine(environment, "bin/tsds")]);
    }

    [Fact]
    public async Task Wheel_Installed_ItsModulePassesItsTests()
    {
        string environment = await InstallAsync();
        CliResult result = await Distributed.RunAsync(
            _folder.Root,
            Path.Combine(environment, "bin/python"),
            ["-m", "unittest", "discover", "-s", Path.Combine(Repository.Root, "python", "tests")],
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("PYTHONWARNINGS", "error")
        );
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
    }

    [Fact]
    public async Task Wheel_ByPipx_RunsWithoutBeingInstalled()
    {
        string folder = $"--pip-args=--no-index --find-links {Distributed.Root}";
        CliResult result = await Distributed.RunAsync(
            _folder.Root,
            "/usr/bin/pipx",
            ["run", folder, "--spec", "tsds", "tsds", "--version"],
            ("HOME", _folder["home"]),
            ("PATH", "/usr/bin:/bin")
        );
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        Assert.StartsWith("0.", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Wheel_Record_HasTheHashOfEveryFile()
    {
        using ZipArchive wheel = ZipFile.OpenRead(Distributed.Find("tsds-*x86_64.whl"));
        ZipArchiveEntry record = Assert.Single(wheel.Entries, entry => entry.Name == "RECORD");
        using StreamReader reader = new(record.Open());
        string[] lines = reader.ReadToEnd().TrimEnd('\n').Split('\n');
        Assert.Equal(
            wheel.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal),
            lines.Select(line => line.Split(',')[0]).Order(StringComparer.Ordinal)
        );
        foreach (string[] line in lines.Select(line => line.Split(',')).Where(line => line[0] != record.FullName))
        {
            using Stream content = wheel.GetEntry(line[0])!.Open();
            string hash = Convert.ToBase64String(SHA256.HashData(content)).Replace('+', '-').Replace('/', '_');
            Assert.Equal($"sha256={hash.TrimEnd('=')}", line[1]);
        }

        Assert.Contains(wheel.Entries, entry => entry.FullName == "tsds/py.typed");
    }

    [Fact]
    public void Wheels_Size_IsWhatAnIndexOfPackagesTakes() =>
        Assert.All(
            Directory.GetFiles(Distributed.Root, "*.whl"),
            wheel => Assert.InRange(new FileInfo(wheel).Length, 1, 100L << 20)
        );

    // numpy is Debian's; everything else comes from the folder.
    private async Task<string> InstallAsync()
    {
        string environment = _folder["environment"];
        string[] create = ["-m", "venv", "--system-site-packages", environment];
        await SucceedAsync(Python, create);
        string[] install = ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", Distributed.Root, "tsds"];
        await SucceedAsync(Path.Combine(environment, "bin/python"), install);
        return environment;
    }

    private async Task SucceedAsync(string program, string[] args)
    {
        CliResult result = await Distributed.RunAsync(_folder.Root, program, args);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
    }
}
