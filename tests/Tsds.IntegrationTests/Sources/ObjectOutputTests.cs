using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>Output folders in object storage: what is there is, byte for byte, what a folder on disk has.</summary>
public sealed class ObjectOutputTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;
    private ObjectServer _objects = null!;

    private string Staged => _folder.Root + TestFolder.CacheSuffix + "/tsds/outputs";

    public ObjectOutputTests()
    {
        _variables = PlantedSecrets.Plant(_folder);
    }

    public async ValueTask InitializeAsync()
    {
        _folder.WritePool("pool.jsonl", 3_000);
        _folder.WriteTargets("targets.jsonl", 12);
        _objects = await ObjectServer.StartAsync();
        _objects.Faults.AreOn = false;
        _variables["AWS_ENDPOINT_URL"] = _objects.Url.AbsoluteUri;
    }

    public async ValueTask DisposeAsync()
    {
        await _objects.DisposeAsync();
        PlantedSecrets.DisposeWithout(_folder);
    }

    [Fact]
    public async Task Select_ToABucket_SendsWhatAFolderHasWithTheManifestLast()
    {
        await SucceedAsync([.. Select("local"), "--exclude", "targets.jsonl"]);
        _objects.WritesFail = true;
        CliResult result = await SucceedAsync([.. Select("s3://pool/runs/one/"), "--exclude", "targets.jsonl"]);
        _objects.WritesFail = false;
        Assert.True(_objects.FailedWrites > 5, $"Only {_objects.FailedWrites} files went wrong.");
        Assert.Contains("s3://pool/runs/one/selected.jsonl", result.Out, StringComparison.Ordinal);
        await AssertSameAsync("local", "runs/one");
        string last = _objects.Requests.Last(request => request.StartsWith("PUT ", StringComparison.Ordinal));
        Assert.Equal("PUT /pool/runs/one/manifest.json", last);
        JsonNode manifest = JsonNode.Parse(await _objects.GetAsync("runs/one/manifest.json"))!;
        Assert.Equal("s3://pool/runs/one/", manifest["run"]!["output"]!.GetValue<string>());
        Assert.Empty(Directory.GetFileSystemEntries(Staged));

        // What is there is replaced only where it is asked for; then nothing of it is left.
        CliResult refused = await TryAsync(Select("s3://pool/runs/one"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Expected nothing at s3://pool/runs/one/, found ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("runs/one/excluded.jsonl", await _objects.KeysAsync("runs/one/"));
        await SucceedAsync([.. Select("s3://pool/runs/one"), "--force"]);
        Assert.DoesNotContain("runs/one/excluded.jsonl", await _objects.KeysAsync("runs/one/"));
        Assert.Empty(Directory.GetFileSystemEntries(Staged));
    }

    [Fact]
    public async Task Select_ToABucketKilledWhileItSends_CanBeRunAgain()
    {
        await SucceedAsync(Select("local"));
        foreach (int moment in new[] { 1, 3, 5 })
        {
            int sent = Sent() + moment;
            using CliProcess process = Start(Select("s3://pool/out"));
            while (!process.HasExited && Sent() < sent)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            process.Kill();
            PlantedSecrets.AssertNotIn(await process.FinishAsync());
        }

        // What the killed runs have sent is their own, and stands in nobody's way.
        await SucceedAsync(Select("s3://pool/out"));
        await AssertSameAsync("local", "out");
        Assert.Empty(Directory.GetFileSystemEntries(Staged));

        int Sent() => _objects.Requests.Count(request => request.StartsWith("PUT ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_ToABucketThatRefuses_LeavesNothingThatLooksComplete()
    {
        await using WebServer broken = await WebServer.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("report.html", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 403;
                return;
            }

            await _objects.ForwardAsync(context);
        });
        CliResult refused = await TryAsync([.. Select("s3://pool/out"), "--endpoint", broken.Url.AbsoluteUri]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "s3://pool/: expected a bucket that may be written to, found that",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("out/selected.jsonl", await _objects.KeysAsync("out/"));
        Assert.DoesNotContain("out/manifest.json", await _objects.KeysAsync("out/"));
        Assert.NotEmpty(Directory.GetFileSystemEntries(Staged));
        await SucceedAsync("cache", "clear");
        Assert.Empty(Directory.GetFileSystemEntries(Staged));
    }

    [Fact]
    public async Task Verify_OfABucket_ReadsItBack()
    {
        await SucceedAsync(Select("local"));
        await SucceedAsync(Select("s3://pool/out"));
        CliResult verified = await TryAsync("verify", "s3://pool/out");
        Assert.True(verified.ExitCode == 0, verified.Error + verified.Out);
        string row = _folder.Lines("local/lineage.jsonl")[0]["row"]!.ToString();
        Assert.Equal(
            (await SucceedAsync("explain", "local", row)).Out,
            (await SucceedAsync("explain", "s3://pool/out/", row)).Out
        );
        CliResult exported = await SucceedAsync("export", "s3://pool/out", "--to", "trl");
        Assert.Contains("s3://pool/out/export-trl/selected.jsonl", exported.Out, StringComparison.Ordinal);
        await SucceedAsync("export", "local", "--to", "trl");
        Assert.Equal(
            await File.ReadAllBytesAsync(
                _folder["local/export-trl/selected.jsonl"],
                TestContext.Current.CancellationToken
            ),
            await _objects.GetAsync("out/export-trl/selected.jsonl")
        );
        CliResult missing = await TryAsync("verify", "s3://pool/absent");
        Assert.Contains("found no manifest.json there", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_ToABucketKilled_GoesOnAndGivesTheStoreOfAFolder()
    {
        _folder.WritePool("large.jsonl", 9_000);
        string[] embed = ["embed", "--pool", "large.jsonl", "--out"];
        await SucceedAsync([.. embed, "local.vectors"]);
        using (CliProcess process = Start([.. embed, "s3://pool/large.vectors"]))
        {
            while (!process.HasExited && !HasChunk())
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            process.Kill();
            PlantedSecrets.AssertNotIn(await process.FinishAsync());
        }

        _objects.WritesFail = true;
        CliResult result = await SucceedAsync([.. embed, "s3://pool/large.vectors"]);
        Assert.Contains("known already", result.Out, StringComparison.Ordinal);
        Assert.True(_objects.SentParts > 4, $"Only {_objects.SentParts} parts of files were sent.");
        foreach (string file in Directory.GetFiles(_folder["local.vectors"]).Where(file => !IsHidden(file)))
        {
            Assert.Equal(
                SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)),
                SHA256.HashData(await _objects.GetAsync("large.vectors/" + Path.GetFileName(file)))
            );
        }

        // The store is read where it is, and the rows are those that it has on disk.
        _objects.WritesFail = false;
        string[] select = ["select", "--pool", "large.jsonl", "--target", "targets.jsonl", "--budget", "40"];
        await SucceedAsync([.. select, "--pool-vectors", "local.vectors", "--out", "local"]);
        await SucceedAsync([.. select, "--pool-vectors", "s3://pool/large.vectors", "--out", "out"]);
        Assert.Equal(_folder.Hash("local/selected.jsonl"), _folder.Hash("out/selected.jsonl"));
        Assert.Equal(_folder.Hash("local/lineage.jsonl"), _folder.Hash("out/lineage.jsonl"));
        CliResult verified = await TryAsync("verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Error + verified.Out);

        bool HasChunk() =>
            Directory.Exists(Staged) && Directory.EnumerateFiles(Staged, "*.rows", SearchOption.AllDirectories).Any();
    }

    [Fact]
    public async Task Compare_ToABucket_SendsItsFiles()
    {
        string[] compare =
        [
            "compare",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--methods",
            "random,max-sim",
            "--out",
        ];
        await SucceedAsync([.. compare, "local"]);
        await SucceedAsync([.. compare, "s3://pool/scores"]);
        Assert.Equal(
            Directory.GetFiles(_folder["local"]).Select(file => "scores/" + Path.GetFileName(file)).Order(),
            await _objects.KeysAsync("scores/")
        );
        Assert.Equal(
            await File.ReadAllTextAsync(_folder["local/report.html"], TestContext.Current.CancellationToken),
            Encoding.UTF8.GetString(await _objects.GetAsync("scores/report.html"))
        );
    }

    [Theory]
    [InlineData("hf://datasets/org/rows", "--out: expected a folder or s3://BUCKET/PREFIX, found 'hf://datasets")]
    [InlineData("https://host/out", "--out: expected a folder or s3://BUCKET/PREFIX, found 'https://host/out'")]
    [InlineData("s3://absent/out", "s3://absent/: expected a bucket, found none of that name.")]
    public async Task Select_ToAnAddressThatTakesNothing_SaysSo(string address, string sentence)
    {
        CliResult result = await TryAsync(Select(address));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder[address.Split(':')[0] + ":"]));
    }

    private static string[] Select(string output) =>
        [
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--out",
            output,
        ];

    private static bool IsHidden(string file) => Path.GetFileName(file).StartsWith('.');

    /// <summary>Compares all files but the manifest, which holds times.</summary>
    private async Task AssertSameAsync(string local, string prefix)
    {
        string[] names = [.. Directory.GetFiles(_folder[local]).Select(file => Path.GetFileName(file))];
        Assert.Equal(
            names.Select(name => $"{prefix}/{name}").Order(StringComparer.Ordinal),
            await _objects.KeysAsync(prefix + "/")
        );
        foreach (string name in names.Where(name => name != "manifest.json"))
        {
            Assert.Equal(
                Encoding.UTF8.GetString(
                    await File.ReadAllBytesAsync(_folder[$"{local}/{name}"], TestContext.Current.CancellationToken)
                ),
                Encoding.UTF8.GetString(await _objects.GetAsync($"{prefix}/{name}"))
            );
        }
    }

    private async Task<CliResult> SucceedAsync(params string[] arguments)
    {
        CliResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        return result;
    }

    private async Task<CliResult> TryAsync(params string[] arguments)
    {
        using CliProcess process = Start(arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }

    private CliProcess Start(string[] arguments) => CliProcess.Start(_folder.Root, _variables, arguments);
}
