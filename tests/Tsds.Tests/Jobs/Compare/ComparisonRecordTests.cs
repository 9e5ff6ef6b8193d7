using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Compare;

public sealed class ComparisonRecordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scorecard_MissingAndUnknownNumbers_StayApart()
    {
        Scorecard card = new()
        {
            Method = "tsds",
            SampleSize = 1,
            SkillSampleSize = 2,
            WordCount = 3,
            SkillWordCount = 4,
            Metrics =
            [
                new MetricValue
                {
                    Name = "b",
                    Better = MetricDirection.Smaller,
                    Value = 0.1 + 0.2,
                    Interval = new Interval(0.1, 0.5),
                    Random = double.NaN,
                    Skill = 0.5,
                    SkillInterval = new Interval(0.25, 0.75),
                },
                new MetricValue
                {
                    Name = "a",
                    Better = MetricDirection.Neither,
                    Value = double.PositiveInfinity,
                },
            ],
        };

        string text = JsonSerializer.Serialize(ScorecardRecord.Of(card), CompareJson.Default.ScorecardRecord);
        ScorecardRecord again = JsonSerializer.Deserialize(text, CompareJson.Default.ScorecardRecord)!;

        Assert.Equal(
            """
            {"method":"tsds","sampleSize":1,"skillSampleSize":2,"wordCount":3,"skillWordCount":4,"metrics":{"b":{"value":0.30000000000000004,"interval":[0.1,0.5],"better":"smaller","random":null,"skill":0.5,"skillInterval":[0.25,0.75]},"a":{"value":null}}}
            """,
            text
        );
        Assert.Equal(
            text,
            JsonSerializer.Serialize(ScorecardRecord.Of(again.ToScorecard()), CompareJson.Default.ScorecardRecord)
        );
        Assert.Equal(["b", "a"], again.ToScorecard().Metrics.Select(metric => metric.Name));
        Assert.True(double.IsNaN(again.ToScorecard()["b"].Random!.Value));
        Assert.Null(again.ToScorecard()["a"].Random);
        Assert.True(double.IsNaN(again.ToScorecard()["a"].Value));
    }

    [Fact]
    public void Comparison_WrittenAndRead_IsTheSame()
    {
        ComparisonRecord record = new(
            ToolRecord.Current,
            "key",
            new ComparisonInputs([], [], [], [], [], [], [], []),
            new EmbeddingRecord("vectors", null, null, null, 3, Normalization.None, null),
            new ComparisonOptions(
                "5%",
                10,
                Regularizer.Density,
                null,
                null,
                null,
                0.5,
                DensityBase.Pool,
                SamplingMethod.Distinct,
                1,
                2,
                true,
                null,
                0,
                200
            ),
            [new TaskAcquaintance("one", 0.04, 0.01)],
            [new FoldRecord([0, 2], [1])],
            [new ScorecardRecord("tsds", 1, 2, 3, 4, new() { ["a"] = new MetricRecord { Value = 1 } })],
            [new LeftOutMethod("less", "it needs gradients")],
            new ComparisonRun("out", 2, null, new() { ["total"] = 1 }, new() { ["tsds"] = 0.5 }, 100)
        );

        record.Write(_folder[ComparisonRecord.Name]);
        ComparisonRecord again = ComparisonRecord.TryRead(_folder.Root)!;

        Assert.Equivalent(record, again, strict: true);
        Assert.Equal(
            JsonFile.ToText(record, CompareJson.Default.ComparisonRecord),
            File.ReadAllText(_folder[ComparisonRecord.Name])
        );
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"key\": null}")]
    public void Comparison_SomethingElse_IsNoComparison(string text)
    {
        Assert.Null(ComparisonRecord.TryRead(_folder.Root));
        File.WriteAllText(_folder[ComparisonRecord.Name], text);
        Assert.Null(ComparisonRecord.TryRead(_folder.Root));
    }
}
