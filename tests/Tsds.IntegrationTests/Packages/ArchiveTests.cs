using System.Formats.Tar;
using System.IO.Compression;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The archive for Linux, unpacked where no .NET is.</summary>
public sealed class ArchiveTests(UnpackedArchive archive) : IClassFixture<UnpackedArchive>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Archive_Unpacked_SelectsTheSameBytesAsTheSources()
    {
        CliResult version = await Distributed.RunAsync(_folder.Root, archive.Program, ["--version"]);
        Assert.StartsWith("0.", version.Out, StringComparison.Ordinal);
        await Distributed.SelectsWhatTheSourcesSelectAsync(_folder, [archive.Program]);
    }

    [Fact]
    public void Archive_Size_IsBounded() =>
        Assert.InRange(new FileInfo(Distributed.Find("*linux-x64.tar.gz")).Length, 1, 300_000_000);

    [Fact]
    public async Task Archive_Models_AreFoundByTheProgram()
    {
        _folder.WritePool("pool.jsonl", 30);
        _folder.WriteTargets("targets.jsonl", 6);
        string[] args = ["select", "--pool", "pool.jsonl", "--target", "targets.jsonl", "--embedder", "minilm"];
        CliResult result = await Distributed.RunAsync(
            _folder.Root,
            archive.Program,
            [.. args, "--budget", "5", "--out", "out", "--no-cache"]
        );
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public async Task Archive_Content_HasLicencesOfEveryPartManualAndCompletions()
    {
        string root = archive.Root;
        string licences = await ReadAsync(root, "share/doc/tsds/THIRD-PARTY.txt");
        foreach (string part in (string[])["ParquetSharp", "Microsoft.NETCore.App.Runtime", "Microsoft.ML.OnnxRuntime"])
        {
            Assert.Contains(part, licences, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("MiniLM", await ReadAsync(root, "share/doc/tsds/NOTICE-models"), StringComparison.Ordinal);
        Assert.NotEmpty(await ReadAsync(root, "share/doc/tsds/THIRD-PARTY-explorer.txt"));
        Assert.StartsWith(
            (await ReadAsync(Repository.Root, "LICENSE"))[..100],
            await ReadAsync(root, "share/doc/tsds/LICENSE"),
            StringComparison.Ordinal
        );
        string manual = await ReadAsync(root, "share/man/man1/tsds.1");
        Assert.StartsWith(".TH TSDS 1", manual, StringComparison.Ordinal);
        Assert.Contains(".SH \"TSDS SELECT\"", manual, StringComparison.Ordinal);
        Assert.Contains("\\-\\-pool\\-vectors", manual, StringComparison.Ordinal);
        Assert.Contains(".SH \"TSDS COMPLETION\"", manual, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tsds sel", "select")]
    [InlineData("tsds select --pool-v", "--pool-vectors")]
    public async Task Archive_CompletionOfBash_CompletesCommandsAndOptions(string line, string expected)
    {
        string root = archive.Root;
        string[] words = line.Split(' ');
        string script =
            $"PATH=$PATH:{root}/bin; source {root}/share/bash-completion/completions/tsds; "
            + $"COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({line}) COMP_CWORD={words.Length - 1}; "
            + "_tsds; printf '%s\\n' \"${COMPREPLY[@]}\"";
        CliResult result = await Distributed.RunAsync(_folder.Root, "/bin/bash", ["-c", script], ("PATH", "/usr/bin"));
        Assert.Equal(expected, result.Out.Trim());
    }

    [Theory]
    [InlineData("bash", "bash-completion/completions/tsds")]
    [InlineData("zsh", "zsh/site-functions/_tsds")]
    [InlineData("fish", "fish/vendor_completions.d/tsds.fish")]
    public async Task Archive_Completion_IsWhatTheProgramPrints(string shell, string file)
    {
        CliResult result = await Distributed.RunAsync(_folder.Root, archive.Program, ["completion", shell]);
        Assert.Equal((0, await ReadAsync(archive.Root, "share/" + file)), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task Archive_Entries_AreInOrderOfOneTimeAndOfNobody()
    {
        await using FileStream file = File.OpenRead(Distributed.Find("*linux-x64.tar.gz"));
        await using GZipStream gzip = new(file, CompressionMode.Decompress);
        await using TarReader tar = new(gzip);
        List<string> names = [];
        while (await tar.GetNextEntryAsync(false, TestContext.Current.CancellationToken) is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal(1980, entry.ModificationTime.Year);
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Checksums_EveryFile_Agrees()
    {
        CliResult result = await Distributed.RunAsync(
            Distributed.Root,
            "/usr/bin/sha256sum",
            ["--check", "--strict", "SHA256SUMS"]
        );
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        Assert.Equal(Directory.GetFiles(Distributed.Root).Length - 1, result.Out.Trim().Split('\n').Length);
    }

    private static Task<string> ReadAsync(string root, string name) =>
        File.ReadAllTextAsync(Path.Combine(root, name), TestContext.Current.CancellationToken);
}
