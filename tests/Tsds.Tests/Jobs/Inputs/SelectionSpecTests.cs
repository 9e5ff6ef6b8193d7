using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Tsds.Data.Embedding;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

/// <summary>Specifications as they are recorded: what is written is read back, whoever wrote it.</summary>
public sealed class SelectionSpecTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        SelectionSpec spec = new()
        {
            Pool = ["a.jsonl", "b/*.jsonl"],
            Targets = ["math=m.jsonl:0.6"],
            PoolVectors = ["a.npy#x"],
            TargetVectors = ["t.npy"],
            Exclude = ["test.jsonl"],
            ExcludeVectors = ["test.npy"],
            ExcludeDistance = 0.05,
            Keep = ["kept.jsonl"],
            KeepVectors = ["kept.npy"],
            Index = "index",
            TextField = "meta.text",
            Schema = "chatml",
            OnBadRow = BadRowPolicy.Skip,
            Budget = Tokens("20Mtok"),
            Count = TokenCount.Supervised,
            Tokenizer = "tokenizer.json",
            Caps = [new ShareLimit("web", 1 / 3.0), new ShareLimit("math", 0.07, IsTask: true)],
            Floors = [new ShareLimit("code=c", 0.05)],
            Regularizer = Regularizer.TotalVariation,
            Alpha = null,
            Scale = 1.5,
            Bandwidth = 0,
            DensityBase = DensityBase.Neighbors,
            EffectiveNeighbors = 7,
            Sampling = SamplingMethod.Top,
            Seed = ulong.MaxValue,
            Embedder = new EmbedderOptions
            {
                Name = "openai:http://host/v1#model",
                QueryPrefix = "query: ",
                PassagePrefix = "",
                KeyVariable = "KEY",
            },
            Template = "{user}\n\"é\"",
            Normalization = Normalization.None,
            HasReport = false,
        };
        Assert.Equal(Text(spec), Text(Again(spec)));
        Assert.Equal(spec.Settings, Again(spec).Settings);
        Assert.Equal(spec.Embedder, Again(spec).Embedder);
        Assert.Equal([.. spec.Caps], Again(spec).Caps.ToArray());
        Assert.False(Again(spec).HasReport);
        Assert.Null(Again(spec).Alpha);
    }

    [Fact]
    public void Write_Defaults_SaysAllOfThem()
    {
        JsonObject written = JsonNode.Parse(Text(new SelectionSpec { Budget = Tokens("5%") }))!.AsObject();
        Assert.Equal("version", written.First().Key);
        Assert.Equal("1", written["version"]!.ToJsonString());
        Assert.Equal("5%", written["budget"]!.GetValue<string>());
        Assert.Equal("tsds", written["method"]!.GetValue<string>());
        Assert.Equal(0.5, written["alpha"]!.GetValue<double>());
        Assert.Equal("auto", written["scale"]!.GetValue<string>());
        Assert.Equal("l2", written["normalize"]!.GetValue<string>());
        Assert.False(written["noReport"]!.GetValue<bool>());
    }

    [Fact]
    public void Read_SomethingMissing_TakesTheDefault()
    {
        SelectionSpec read = SpecJson.Read(new JsonObject { ["budget"] = "10", ["pool"] = new JsonArray("a") });
        Assert.Equal(0.5, read.Alpha);
        Assert.True(read.HasReport);
        Assert.Equal(Text(new SelectionSpec { Pool = ["a"], Budget = Tokens("10") }), Text(read));
    }

    [Theory]
    [InlineData("""{"budget":"1","version":2}""", "version 2")]
    [InlineData("""{"budget":"lots"}""", "'lots'")]
    [InlineData("""{}""", "budget")]
    [InlineData("""{"budget":"1","alpha":2}""", "Alpha")]
    [InlineData("""{"budget":"1","sampling":"all"}""", "sampling")]
    [InlineData("""{"budget":"1","method":"guess"}""", "guess")]
    [InlineData("""{"budget":"1","colour":"red"}""", "colour")]
    public void Read_WhatIsNotUnderstood_SaysWhat(string json, string part)
    {
        JsonException error = Assert.Throws<JsonException>(() => SpecJson.Read(JsonNode.Parse(json)!.AsObject()));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOptions_OfACommandLine_AreTheSpecification()
    {
        SelectionSpec read = SpecJson.ReadOptions(
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["pool"] = ["a.jsonl"],
                ["target"] = ["t.jsonl"],
                ["budget"] = ["5%"],
                ["method"] = ["knn-uniform"],
                ["alpha"] = ["auto"],
                ["neighbors"] = ["3.5"],
                ["seed"] = ["7"],
                ["exclude-distance"] = ["0.2"],
                ["embedder-prefix"] = ["q: |p: "],
                ["cap"] = ["web=40%"],
                ["no-report"] = ["true"],
            }
        );
        Assert.Equal(
            Text(
                new SelectionSpec
                {
                    Pool = ["a.jsonl"],
                    Targets = ["t.jsonl"],
                    Budget = Tokens("5%"),
                    Regularizer = Regularizer.Uniform,
                    EffectiveNeighbors = 3.5,
                    Seed = 7,
                    ExcludeDistance = 0.2,
                    Embedder = new EmbedderOptions { QueryPrefix = "q: ", PassagePrefix = "p: " },
                    Caps = [new ShareLimit("web", 0.4)],
                    HasReport = false,
                }
            ),
            Text(read)
        );
    }

    [Fact]
    public void ToOptions_AnySpecification_SayTheSame()
    {
        SelectionSpec spec = new()
        {
            Pool = ["a.jsonl"],
            Targets = ["t.jsonl"],
            Budget = Tokens("100"),
            Alpha = null,
            Bandwidth = 0.25,
            Method = "tsds",
            ExcludeDistance = 0,
            HasReport = false,
        };
        Dictionary<string, IReadOnlyList<string>> options = SpecJson
            .ToOptions(spec)
            .ToDictionary(option => option.Name, option => option.Values);
        Assert.Equal(
            ["alpha", "bandwidth", "budget", "exclude-distance", "no-report", "pool", "target"],
            options.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(Text(spec), Text(SpecJson.ReadOptions(options)));
    }

    [Fact]
    public void ShareLimit_OfAnyPercentage_IsReadBack() =>
        Gen.Int[0, 1_000_000]
            .Sample(tenThousandths =>
            {
                ShareLimit limit = new("web", tenThousandths / 10_000.0 / 100);
                Assert.True(ShareLimit.TryParse(limit.ToString(), out ShareLimit? read));
                Assert.Equal(limit, read);
            });

    private static Budget Tokens(string text) => Budget.TryParse(text, out Budget budget) ? budget : default;

    private static SelectionSpec Again(SelectionSpec spec) => SpecJson.Read(JsonNode.Parse(Text(spec))!.AsObject());

    private static string Text(SelectionSpec spec)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            SpecJson.Write(json, spec);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
