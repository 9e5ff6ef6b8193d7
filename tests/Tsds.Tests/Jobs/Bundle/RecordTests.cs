using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Bundle;

public sealed class RecordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Manifest_OfAPlan_IsReadAsItWasWritten()
    {
        ManifestRecord manifest = Manifest();

        ManifestRecord again = RoundTrip(manifest, BundleJson.Default.ManifestRecord, out JsonObject json);

        Assert.Equal(["fit", "total"], again.Run!.Seconds!.Keys);
        Assert.Equal("tv", (string?)json["options"]!["regularizer"]);
        Assert.Equal("fail", (string?)json["options"]!["onBadRow"]);
        Assert.True(json["options"]!.AsObject().ContainsKey("neighbors"));
        Assert.Null(json["options"]!["neighbors"]);
        Assert.Null(json["solution"]!["tradeoff"]);
        Assert.False(json["inputs"]!["tokenizer"]![0]!.AsObject().ContainsKey("rows"));
    }

    [Fact]
    public void File_BehindALink_IsDescribedAsTheFileThatItLeadsTo()
    {
        string link = _folder["link.jsonl"];
        File.WriteAllText(_folder["rows.jsonl"], new string('x', 500));
        File.CreateSymbolicLink(link, _folder["rows.jsonl"]);

        FileRecord record = FileRecord.Of(link);

        Assert.Equal(500, record.Bytes);
        Assert.Equal(FileHash.Of(_folder["rows.jsonl"]), record.Sha256);
    }

    [Fact]
    public void Manifest_OfAMethod_SaysNothingOfAPlan()
    {
        ManifestRecord manifest = Manifest() with
        {
            Options = Manifest().Options! with
            {
                Regularizer = null,
                Alpha = null,
                Scale = null,
                Relevance = null,
                Center = null,
                Copies = null,
                DensityBase = null,
                Neighbors = default,
                Sampling = null,
                Count = null,
            },
            Solution = null,
            Selection = Manifest().Selection! with { Sampling = null, Tokens = null, Shares = null, Copies = null },
            Outputs = null,
            Run = null,
        };

        RoundTrip(manifest, BundleJson.Default.ManifestRecord, out JsonObject json);

        Assert.Equal(["tool", "inputs", "embedding", "options", "selection"], json.Select(pair => pair.Key));
        Assert.Equal(
            [
                "method",
                "budget",
                "normalize",
                "seed",
                "template",
                "textField",
                "schema",
                "onBadRow",
                "excludeDistance",
                "bandwidth",
                "automatic",
            ],
            json["options"]!.AsObject().Select(pair => pair.Key)
        );
        Assert.Equal(
            ["budget", "seed", "rows", "distinctRows", "tasks", "excluded", "sha256"],
            json["selection"]!.AsObject().Select(pair => pair.Key)
        );
    }

    [Fact]
    public void Manifest_OfTheFirstVersions_IsRead()
    {
        string path = _folder["manifest.json"];
        File.WriteAllText(
            path,
            """{"options": {"budget": "5%"}, "run": {"configuration": {"pool": ["a", "b"], "budget": "5%"}}}"""
        );

        SelectionManifest manifest = SelectionManifest.Read(_folder.Root);

        Assert.Equal("tsds", manifest.Method);
        Assert.Equal(["a", "b"], manifest.Spec!.Pool);
        Assert.Equal("5%", manifest.Spec.Budget.ToString());
        Assert.Empty(manifest.Inputs);
        Assert.Empty(manifest.Outputs);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("{\"options\": 1}")]
    [InlineData("{\"options\": {\"budget\": null}}")]
    public void Manifest_SomethingElse_IsRefused(string text)
    {
        File.WriteAllText(_folder["manifest.json"], text);

        Assert.StartsWith(
            "Expected a manifest of tsds at ",
            Assert.Throws<InvalidDataException>(() => SelectionManifest.Read(_folder.Root)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Lines_OfRowsAndOfVectors_AreReadAsTheyWereWritten()
    {
        LineageRecord ofPlan = new()
        {
            Row = 3,
            File = "pool.jsonl",
            Line = 4,
            Id = new Optional<string?>(null),
            Source = "sql \u001b",
            Probability = 0.1 + 0.2,
            Count = 2,
            Density = 1.5,
            Cluster = 0,
            Targets =
            [
                new PullRecord
                {
                    Target = 1,
                    Task = "one",
                    Mass = 1e-17,
                    Distance = 0.25,
                },
            ],
        };
        LineageRecord ofMethod = new()
        {
            Row = 3,
            Rank = 1,
            Score = new Optional<double?>(null),
            Count = 1,
            Cluster = null,
        };
        RoundTrip(ofPlan, BundleJson.Default.LineageRecord, out JsonObject rows);
        RoundTrip(ofMethod, BundleJson.Default.LineageRecord, out JsonObject vectors);

        Assert.Equal(
            ["row", "file", "line", "id", "source", "probability", "count", "density", "cluster", "targets"],
            rows.Select(pair => pair.Key)
        );
        Assert.Equal(["row", "rank", "score", "count", "cluster"], vectors.Select(pair => pair.Key));
    }

    [Fact]
    public void TargetsAndExcluded_AreReadAsTheyWereWritten()
    {
        TargetRecord ofPlan = new()
        {
            Target = 1,
            File = "targets.jsonl",
            Line = 2,
            Id = new Optional<string?>("t1"),
            Weight = 0.5,
            WaterLevel = new Optional<double?>(double.PositiveInfinity),
            NeighborsUsed = 7,
            NearestDistance = 0.5,
            Sources = new() { ["b"] = 0.75, ["a"] = 0.25 },
        };
        TargetRecord ofMethod = new()
        {
            Target = 1,
            NearestDistance = 0.5,
            SelectedDistance = 0.75,
        };
        ExcludedRecord excluded = new()
        {
            Row = 9,
            Option = "keep",
            Reason = ExcludedRecord.SameText,
            Distance = null,
            Match = new MatchRecord
            {
                Row = 1,
                File = "kept.jsonl",
                Line = 2,
                Id = new Optional<string?>(null),
            },
        };

        TargetRecord again = Read(Write(ofPlan, BundleJson.Default.TargetRecord), BundleJson.Default.TargetRecord);
        RoundTrip(ofMethod, BundleJson.Default.TargetRecord, out JsonObject method);
        RoundTrip(excluded, BundleJson.Default.ExcludedRecord, out JsonObject left);

        Assert.Equal(new Optional<double?>(null), again.WaterLevel);
        Assert.Equal(["b", "a"], again.Sources!.Keys);
        Assert.Equal(["target", "nearestDistance", "selectedDistance"], method.Select(pair => pair.Key));
        Assert.Equal(["row", "option", "reason", "distance", "match"], left.Select(pair => pair.Key));
    }

    [Fact]
    public void Groups_AreReadAsTheyWereWritten()
    {
        DuplicateGroup group = new(0, 4, [new GroupMember(4, 0, 0.1, 2), new GroupMember(7, 0.1, 0, 0, 4)]);

        RoundTrip(group, BundleJson.Default.DuplicateGroup, out JsonObject json);

        Assert.Equal(["cluster", "representative", "drawn", "members"], json.Select(pair => pair.Key));
        Assert.Equal(1, (int?)json["drawn"]);
        Assert.Equal([null, 4], json["members"]!.AsArray().Select(member => (int?)member!["copyOf"]));
    }

    [Fact]
    public void Lines_OfAFile_AreReadUntilOneIsSomethingElse()
    {
        File.WriteAllText(_folder[LineageFile.Lineage], "{\"row\": 1, \"count\": 2, \"cluster\": null}\n{}\n");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            LineageFile.ReadLineage(_folder.Root).Select(line => line.Row).ToArray()
        );

        Assert.Equal(1, LineageFile.ReadLineage(_folder.Root).First().Row);
        Assert.Contains($"{LineageFile.Lineage}, line 2: expected", error.Message, StringComparison.Ordinal);
        Assert.Empty(LineageFile.ReadExcluded(_folder.Root));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e300, "1E+300")]
    [InlineData(-0.0, "-0")]
    [InlineData(double.NaN, "null")]
    [InlineData(double.PositiveInfinity, "null")]
    [InlineData(double.NegativeInfinity, "null")]
    public void FiniteNumber_AnyNumber_IsWrittenWhereJsonHasIt(double value, string expected)
    {
        JsonSerializerOptions options = new() { Converters = { new FiniteNumberConverter() } };

        Assert.Equal(expected, JsonSerializer.Serialize(value, options));
        Assert.Equal(
            double.IsFinite(value) ? value : double.NaN,
            JsonSerializer.Deserialize<double>(expected, options)
        );
        Assert.Null(JsonSerializer.Deserialize<double?>("null", options));
    }

    private static ManifestRecord Manifest()
    {
        FileRecord file = new()
        {
            Path = "a \"b\"/ä.jsonl",
            Bytes = 12,
            Sha256 = "ab",
            Rows = 3,
            Container = "jsonl",
            Schemas = new() { ["text"] = 2, ["alpaca"] = 1 },
            SkippedRows = 1,
        };
        return new ManifestRecord(
            new ToolRecord("tsds", "0.1.0"),
            Spec: null,
            new ManifestInputs(
                [file],
                [file],
                [],
                [],
                [],
                [],
                [],
                [],
                [file with { Rows = null, Container = null, Schemas = null, SkippedRows = null }],
                [new SkippedRow("a", 2, "expected text, found none")]
            ),
            new EmbeddingRecord("lexical", "4", 2000, "lexical 4", 256, Normalization.L2, null),
            Sieve: null,
            new ManifestOptions(
                "tsds",
                "5%",
                Normalization.L2,
                ulong.MaxValue,
                null,
                "body",
                null,
                BadRowPolicy.Fail,
                0.1,
                Regularizer.TotalVariation,
                0.5,
                5,
                0.4,
                true,
                CopyPolicy.Once,
                0.75,
                DensityBase.Neighbors,
                new Optional<double?>(null),
                SamplingMethod.Multinomial,
                TokenCount.Supervised,
                ["alpha"]
            ),
            new SolutionRecord(
                Regularizer.TotalVariation,
                0.5,
                5,
                null,
                0.75,
                null,
                1.25,
                1,
                1,
                1e-17,
                true,
                4,
                3.5,
                new NeighborCounts(2, 3),
                10,
                1,
                [new RelevanceSummary("one", 0.75, 0.5)],
                9
            ),
            new SelectionRecord(
                5,
                SamplingMethod.Multinomial,
                1,
                5,
                4,
                new TokenRecord(10, 9, TokenCount.All, true),
                [new BoundedShare("a", 0, 1, 0.5, 0.25)],
                [new TaskShare("one", 2, 0.5, 0.25)],
                6,
                [new ExclusionCount("keep", 1, 2, 3)],
                "cd"
            ),
            [new OutputRecord("selected.jsonl", 10, "ef")],
            new ManifestRun(
                "out",
                new() { ["pool"] = (IReadOnlyList<string>)["a", "b"] },
                2,
                null,
                new() { ["fit"] = 0.25, ["total"] = 0.5 },
                1000,
                "10.0.0",
                "2"
            )
        );
    }

    private static T RoundTrip<T>(T value, JsonTypeInfo<T> type, out JsonObject json)
    {
        string text = Write(value, type);
        T again = Read(text, type);
        Assert.Equal(text, Write(again, type));
        Assert.Equivalent(value, again, strict: true);
        json = JsonNode.Parse(text)!.AsObject();
        return again;
    }

    private static string Write<T>(T value, JsonTypeInfo<T> type) => JsonFile.ToText(value, type);

    private static T Read<T>(string text, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(text, type)!;
}
