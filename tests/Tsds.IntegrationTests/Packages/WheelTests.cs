using System.IO.Compression;
using System.Security.Cryptography;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The wheel for Linux, installed by pip into an environment of its own, without an index.</summary>
public sealed class WheelTests(InstalledWheel wheel) : IClassFixture<InstalledWheel>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wheel_Installed_ItsCommandSelectsTheSameBytesAsTheSources()
    {
        await Distributed.SelectsWhatTheSourcesSelectAsync(_folder, [wheel.Program("tsds")]);
    }

    [Fact]
    public async Task Wheel_Installed_ItsModulePassesItsTests()
    {
        CliResult result = await Distributed.RunAsync(
            _folder.Root,
            wheel.Program("python"),
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
        using ZipArchive file = ZipFile.OpenRead(Distributed.Find("tsds-*x86_64.whl"));
        ZipArchiveEntry record = Assert.Single(file.Entries, entry => entry.Name == "RECORD");
        using StreamReader reader = new(record.Open());
        string[] lines = reader.ReadToEnd().TrimEnd('\n').Split('\n');
        Assert.Equal(
            file.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal),
            lines.Select(line => line.Split(',')[0]).Order(StringComparer.Ordinal)
        );
        foreach (string[] line in lines.Select(line => line.Split(',')).Where(line => line[0] != record.FullName))
        {
            using Stream content = file.GetEntry(line[0])!.Open();
            string hash = Convert.ToBase64String(SHA256.HashData(content)).Replace('+', '-').Replace('/', '_');
            Assert.Equal($"sha256={hash.TrimEnd('=')}", line[1]);
        }

        Assert.Contains(file.Entries, entry => entry.FullName == "tsds/py.typed");
    }

    [Fact]
    public void Wheels_Size_IsWhatAnIndexOfPackagesTakes() =>
        Assert.All(
            Directory.GetFiles(Distributed.Root, "*.whl"),
            path => Assert.InRange(new FileInfo(path).Length, 1, 100L << 20)
        );
}
