using System.Text.Json.Nodes;
using Tsds.Data.Embedding;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explain;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Jobs.Verify;

namespace Tsds.Tests.Jobs.Verify;

/// <summary>Selections of the library and of older versions are verified and explained as any other.</summary>
public sealed class VerificationJobTests : IDisposable
{
    private static readonly string Older = Path.Combine(AppContext.BaseDirectory, "Jobs", "Verify", "OlderSelection");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tsds")]
    [InlineData("max-sim")]
    public async Task RunAsync_SelectionOfTheLibrary_Agrees(string method)
    {
        await SelectAsync(Spec with { Method = method, Seed = 5 });

        IReadOnlyList<VerificationCheck> checks = await VerifyAsync(
            new RepeatOptions { ThreadCount = 1, Cache = null }
        );
        Assert.All(checks, check => Assert.True(check.Agrees, check.Text));
        Assert.Contains(checks, check => check is { Name: "selection" });
    }

    [Fact]
    public async Task ExplainRowAsync_SelectionOfTheLibrary_ExplainsEveryRow()
    {
        await SelectAsync(Spec);
        SelectionManifest manifest = SelectionManifest.Read(_folder["out"]);

        RowExplanation explanation = await ExplanationJob.ExplainRowAsync(
            manifest,
            3,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal((3L, "p3"), (explanation.Row, explanation.Id));
        Assert.Equal(4, IdLookup.FindInPool(manifest, "p4", cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>An id that several rows have is refused with their numbers, and not that of the first.</summary>
    [Fact]
    public async Task FindInPool_IdOfSeveralRows_NamesThem()
    {
        await SelectAsync(Spec);
        string pool = _folder["pool.jsonl"];
        string[] lines = File.ReadAllLines(pool);
        File.WriteAllLines(pool, lines.Select(line => line.Replace("\"p4\"", "\"p3\"", StringComparison.Ordinal)));
        SelectionManifest manifest = SelectionManifest.Read(_folder["out"]);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            IdLookup.FindInPool(manifest, "p3", cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "Expected an id that one row has, found 'p3' at row:3, row:4; name one of them so.",
            error.Message
        );
    }

    [Fact]
    public async Task RunAsync_RelativePaths_StartAtTheRoot()
    {
        SelectionSpec spec = Spec with { Pool = ["pool.jsonl"], Targets = ["targets.jsonl"] };
        await SelectAsync(spec, root: _folder.Root);
        string before = Environment.CurrentDirectory;

        Assert.All(
            await VerifyAsync(new RepeatOptions { Root = _folder.Root }),
            check => Assert.True(check.Agrees, check.Text)
        );
        Assert.Equal(before, Environment.CurrentDirectory);
        FileNotFoundException lost = await Assert.ThrowsAsync<FileNotFoundException>(() =>
            VerifyAsync(new RepeatOptions())
        );
        Assert.Contains("--root", lost.Message, StringComparison.Ordinal);
    }

    /// <summary>Before there were specifications, manifests held the options of the command line.</summary>
    [Fact]
    public async Task RunAsync_ManifestWithOptionsOfACommandLine_Agrees()
    {
        await SelectAsync(
            Spec with
            {
                Alpha = 0.4,
                Sampling = SamplingMethod.Systematic,
                Relevance = 0,
                Center = false,
                Copies = CopyPolicy.Keep,
                Embedder = new EmbedderOptions { Name = "lexical" },
            }
        );
        JsonObject manifest = JsonNode
            .Parse(await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken))!
            .AsObject();
        manifest.Remove("spec");
        manifest["run"]!["configuration"] = new JsonObject
        {
            ["pool"] = new JsonArray(_folder["pool.jsonl"]),
            ["target"] = new JsonArray(_folder["targets.jsonl"]),
            ["budget"] = new JsonArray("4"),
            ["alpha"] = new JsonArray("0.4"),
            ["sampling"] = new JsonArray("systematic"),
            ["no-report"] = new JsonArray("true"),
        };
        await File.WriteAllTextAsync(
            _folder["out/manifest.json"],
            manifest.ToJsonString(),
            TestContext.Current.CancellationToken
        );

        Assert.All(await VerifyAsync(new RepeatOptions()), check => Assert.True(check.Agrees, check.Text));
    }

    /// <summary>A selection of an older version may differ from that of this one; its inputs do not.</summary>
    [Fact]
    public async Task Read_StoredManifestOfAnOlderVersion_SaysWhatWasSelected()
    {
        SelectionManifest manifest = SelectionManifest.Read(Older);
        SelectionSpec spec = manifest.Spec!;

        Assert.Equal(["pool.jsonl"], spec.Pool);
        Assert.Equal(["cooking=cooking.jsonl:0.7", "music=music.jsonl:0.3"], spec.Targets);
        Assert.Equal("20%", spec.Budget.ToString());
        Assert.Equal((0.4, null, 0.2), (spec.Alpha, spec.Scale, spec.Bandwidth));
        Assert.Equal((SamplingMethod.Top, 7UL, false), (spec.Sampling, spec.Seed, spec.HasReport));
        Assert.Equal([new ShareLimit("food", 0.5), new ShareLimit("music", 0.375, IsTask: true)], spec.Caps);
        Assert.Equal(("lexical", "{text}", 0.05), (spec.Embedder!.Name, spec.Template, spec.ExcludeDistance));
        IReadOnlyList<VerificationCheck> checks = await VerificationJob.RunAsync(
            manifest,
            new RepeatOptions { Root = Older, Cache = null },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Contains(checks, check => check is { Name: "inputs", Agrees: true });
        Assert.Contains(checks, check => check is { Name: "options" });
    }

    private SelectionSpec Spec
    {
        get
        {
            string[] words = ["onion garlic", "bread butter", "train ticket", "tax form", "cello violin"];
            _folder.Write(
                "pool.jsonl",
                [.. Enumerable.Range(0, 20).Select(i => $$"""{"id":"p{{i}}","text":"{{words[i % 5]}} {{i}}"}""")]
            );
            _folder.Write("targets.jsonl", """{"text":"garlic and bread"}""", """{"text":"a violin"}""");
            Assert.True(Budget.TryParse("4", out Budget budget));
            return new SelectionSpec
            {
                Pool = [_folder["pool.jsonl"]],
                Targets = [_folder["targets.jsonl"]],
                Budget = budget,
                HasReport = false,
            };
        }
    }

    private Task SelectAsync(SelectionSpec spec, string? root = null) =>
        SelectionJob.RunAsync(
            new SelectionJobOptions
            {
                Spec = spec,
                Output = _folder["out"],
                Root = root,
                Cache = null,
            },
            null,
            TestContext.Current.CancellationToken
        );

    private Task<IReadOnlyList<VerificationCheck>> VerifyAsync(RepeatOptions options) =>
        VerificationJob.RunAsync(
            SelectionManifest.Read(_folder["out"]),
            options,
            cancellationToken: TestContext.Current.CancellationToken
        );
}
