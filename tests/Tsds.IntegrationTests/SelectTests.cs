using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The main job, from files to files.</summary>
public sealed class SelectTests : IDisposable
{
    private static readonly string[] Bundle =
    [
        "clusters.jsonl",
        "lineage.jsonl",
        "manifest.json",
        "path.csv",
        "report.html",
        "selected.jsonl",
        "targets.jsonl",
    ];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_SmallPool_WritesTheBundleAndASummary()
    {
        CliResult result = await SelectAsync("out");

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Equal(Bundle, FilesIn("out"));
        string[] pool = await File.ReadAllLinesAsync(_folder["pool.jsonl"], TestContext.Current.CancellationToken);
        string[] selected = await File.ReadAllLinesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        Assert.Equal(15, selected.Length);

        // Byte for byte as they were, in the order of the pool, none twice.
        Assert.Equal(pool.Where(selected.Contains), selected);
        Assert.Contains("Selected 15 rows of 300 for 6 targets.", result.Out, StringComparison.Ordinal);
        Assert.Contains("proven optimal over all 300 rows", result.Out, StringComparison.Ordinal);
        Assert.Contains("cooking", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Out + result.Error);
        Assert.Contains("Plan\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_SmallPool_IsCertifiedInTheManifest()
    {
        await SelectAsync("out");

        JsonNode manifest = await ReadManifestAsync("out");
        Assert.True(manifest["solution"]!["certified"]!.GetValue<bool>());
        Assert.Equal(15, manifest["selection"]!["rows"]!.GetValue<long>());
        Assert.Equal(300, manifest["inputs"]!["pool"]![0]!["rows"]!.GetValue<long>());
    }

    [Fact]
    public async Task Select_AlphaAuto_ShowsWhatWasTriedAndTakesTheNearest()
    {
        CliResult result = await SelectAsync("out", "--alpha", "auto");

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Equal([.. Bundle, "tuning.csv"], FilesIn("out"));
        string[][] lines =
        [
            .. (await File.ReadAllLinesAsync(_folder["out/tuning.csv"], TestContext.Current.CancellationToken)).Select(
                line => line.Split(',')
            ),
        ];
        Assert.Equal(["alpha", "heldOutDistance", "standardError", "chosen"], lines[0]);
        Assert.Equal(10, lines.Length);
        string[] chosen = Assert.Single(lines, line => line[3] == "true");
        Assert.Equal(
            lines.Skip(1).Where(line => line[1] != "").Min(line => double.Parse(line[1], CultureInfo.InvariantCulture)),
            double.Parse(chosen[1], CultureInfo.InvariantCulture)
        );
        JsonNode options = (await ReadManifestAsync("out"))["options"]!;
        Assert.Equal(double.Parse(chosen[0], CultureInfo.InvariantCulture), options["alpha"]!.GetValue<double>());
        Assert.Contains("alpha", options["automatic"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Contains("from targets held out, chosen", result.Out, StringComparison.Ordinal);

        // Said outright, that alpha selects the same rows; and a selection without a search leaves no curve of an old
        // one behind.
        string selected = await File.ReadAllTextAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        await SelectAsync("out", "--alpha", chosen[0], "--force");
        Assert.Equal(
            selected,
            await File.ReadAllTextAsync(_folder["out/selected.jsonl"], TestContext.Current.CancellationToken)
        );
        Assert.Equal(Bundle, FilesIn("out"));
    }

    [Fact]
    public async Task Select_TwiceAndOnOneToThreeThreads_GivesTheSameBytes()
    {
        string[] runs = ["first", "again", "two", "three"];
        string[] threads = ["1", "1", "2", "3"];
        for (int i = 0; i < runs.Length; i++)
        {
            CliResult result = await SelectAsync(runs[i], "--threads", threads[i], "--no-cache");
            Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        }

        foreach (string run in runs.Skip(1))
        {
            foreach (string file in Bundle.Where(file => file != "manifest.json"))
            {
                byte[] expected = await File.ReadAllBytesAsync(
                    _folder[$"first/{file}"],
                    TestContext.Current.CancellationToken
                );
                byte[] actual = await File.ReadAllBytesAsync(
                    _folder[$"{run}/{file}"],
                    TestContext.Current.CancellationToken
                );
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{run}/{file} differs from first/{file}.");
            }

            Assert.Equal(await ManifestWithoutRunAsync("first"), await ManifestWithoutRunAsync(run));
        }
    }

    [Fact]
    public async Task Select_FolderNotEmpty_IsRefusedWithoutForce()
    {
        Directory.CreateDirectory(_folder["out"]);
        await File.WriteAllTextAsync(_folder["out/mine.txt"], "precious", TestContext.Current.CancellationToken);

        CliResult refused = await SelectAsync("out");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], FilesIn("out"));

        CliResult forced = await SelectAsync("out", "--force");

        Assert.Equal("", forced.ExitCode == 0 ? "" : forced.Error);
        Assert.Contains("manifest.json", FilesIn("out"));
    }

    [Fact]
    public async Task Select_DryRun_PrintsThePlanAndWritesNothing()
    {
        CliResult result = await SelectAsync("out", "--dry-run");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Plan\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("pool.jsonl", result.Out, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Select_Json_EveryLineIsAnEvent()
    {
        CliResult result = await SelectAsync("out", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        string[] events =
        [
            .. result
                .Out.TrimEnd('\n')
                .Split('\n')
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!),
        ];
        Assert.Equal("plan", events[0]);
        Assert.Equal("result", events[^1]);
        Assert.Contains("progress", events);
        Assert.All(events[1..^1], name => Assert.Equal("progress", name));
    }

    [Fact]
    public async Task Select_VectorsOnly_WritesRowIdsAsNpy()
    {
        _folder.WriteVectors("pool.npy", 200);
        _folder.WriteVectors("targets.npy", 5);

        CliResult result = await CliProcess.RunAsync(_folder.Root, SelectCommand.Vectors("out", "--budget", "5%"));

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Equal(
            [
                "clusters.jsonl",
                "lineage.jsonl",
                "manifest.json",
                "path.csv",
                "report.html",
                "selected.npy",
                "targets.jsonl",
            ],
            FilesIn("out")
        );
        byte[] bytes = await File.ReadAllBytesAsync(_folder["out/selected.npy"], TestContext.Current.CancellationToken);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], bytes[..6]);
        int headerEnd = Array.IndexOf(bytes, (byte)'\n') + 1;
        long[] ids =
        [
            .. Enumerable
                .Range(0, (bytes.Length - headerEnd) / 8)
                .Select(i => BitConverter.ToInt64(bytes, headerEnd + (8 * i))),
        ];
        Assert.Equal(10, ids.Length);
        Assert.Equal(ids.Order(), ids);
        Assert.All(ids, id => Assert.InRange(id, 0, 199));
    }

    [Fact]
    public async Task Select_BrokenLine_NamesFileAndLine()
    {
        _folder.WritePool("pool.jsonl", 10);
        await File.AppendAllTextAsync(
            _folder["pool.jsonl"],
            "{\"instruction\": \"broken\n",
            TestContext.Current.CancellationToken
        );

        CliResult result = await SelectAsync("out", writesPool: false);

        Assert.Equal(1, result.ExitCode);
        string sentence = result.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("tsds: ", sentence, StringComparison.Ordinal);
        Assert.Contains("pool.jsonl", sentence, StringComparison.Ordinal);
        Assert.Contains("11", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]) && FilesIn("out").Length > 0);
    }

    [Fact]
    public async Task Select_BrokenLineSkipped_IsCounted()
    {
        _folder.WritePool("pool.jsonl", 299);
        await File.AppendAllTextAsync(
            _folder["pool.jsonl"],
            "{\"instruction\": \"broken\n",
            TestContext.Current.CancellationToken
        );

        CliResult result = await SelectAsync("out", writesPool: false, "--on-bad-row", "skip");

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Contains("1 bad row skipped", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Select_Signal_Returns130AndLeavesNothingHalfWritten(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        _folder.WritePool("pool.jsonl", 60_000);
        _folder.WriteTargets("targets.jsonl", 50);
        using CliProcess process = CliProcess.Start(_folder.Root, SelectCommand.Rows("out", "--budget", "5%"));
        await process.WaitForErrorLineAsync("started");

        process.Signal(signal);
        CliResult result = await process.FinishAsync();

        Assert.EndsWith("tsds: cancelled; no output was written.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(
            ["pool.jsonl", "targets.jsonl"],
            [.. Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order()]
        );
    }

    private Task<CliResult> SelectAsync(string output, params string[] more) =>
        SelectAsync(output, writesPool: true, more);

    private Task<CliResult> SelectAsync(string output, bool writesPool, params string[] more)
    {
        if (writesPool)
        {
            _folder.WritePool("pool.jsonl", 300);
        }

        _folder.WriteTargets("targets.jsonl", 6);
        return CliProcess.RunAsync(_folder.Root, SelectCommand.Rows(output, ["--budget", "5%", .. more]));
    }

    private string[] FilesIn(string folder) =>
        [.. Directory.GetFiles(_folder[folder]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task<JsonNode> ReadManifestAsync(string run) =>
        JsonNode.Parse(
            await File.ReadAllTextAsync(_folder[$"{run}/manifest.json"], TestContext.Current.CancellationToken)
        )!;

    private async Task<string> ManifestWithoutRunAsync(string run)
    {
        JsonObject manifest = (await ReadManifestAsync(run)).AsObject();
        Assert.True(manifest.Remove("run"), "The manifest has no 'run'.");
        return manifest.ToJsonString();
    }
}
