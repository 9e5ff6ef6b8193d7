using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

public sealed class TaskSourceTests
{
    [Theory]
    [InlineData("a.jsonl", null, "a.jsonl", null)]
    [InlineData("a.jsonl:0.5", null, "a.jsonl:0.5", null)]
    [InlineData("math=a.jsonl", "math", "a.jsonl", null)]
    [InlineData("math=a.jsonl:0.6", "math", "a.jsonl", 0.6)]
    [InlineData("math=data/*.jsonl:2e1", "math", "data/*.jsonl", 20.0)]
    [InlineData("math=hub:test", "math", "hub:test", null)]
    [InlineData("math=hub:test:3", "math", "hub:test", 3.0)]
    [InlineData("data/lang=en/a.jsonl:1", null, "data/lang=en/a.jsonl:1", null)]
    [InlineData("=a.jsonl", null, "=a.jsonl", null)]
    [InlineData("math=a=b.jsonl:1", "math", "a=b.jsonl", 1.0)]
    [InlineData("c1.pt:1.7e-5,c2.pt:1.3e-5", null, "c1.pt:1.7e-5,c2.pt:1.3e-5", null)]
    [InlineData("math=c1.pt:1.7e-5,c2.pt:1.3e-5", "math", "c1.pt:1.7e-5,c2.pt:1.3e-5", null)]
    [InlineData("math=s3://data/a.jsonl", "math", "s3://data/a.jsonl", null)]
    [InlineData("math=s3://data/a.jsonl:0.6", "math", "s3://data/a.jsonl", 0.6)]
    [InlineData("math=hf://datasets/org/rows:test:3", "math", "hf://datasets/org/rows:test", 3.0)]
    [InlineData("math=https://host:8443/a.jsonl", "math", "https://host:8443/a.jsonl", null)]
    [InlineData("s3://data/lang=en/a.jsonl:1", null, "s3://data/lang=en/a.jsonl:1", null)]
    [InlineData("postgres://host/db/rows?vector=v:1", null, "postgres://host/db/rows?vector=v:1", null)]
    [InlineData("math=c1.pt:1.7e-5,c2.pt:1.3e-5:0.6", "math", "c1.pt:1.7e-5,c2.pt:1.3e-5", 0.6)]
    public void Parse_WellFormed_SplitsNameFileAndWeight(string text, string? name, string source, double? weight) =>
        Assert.Equal(new TaskSource(name, source, weight), TaskSource.Parse(text));

    [Theory]
    [InlineData("math=", "NAME=FILE")]
    [InlineData("math=a.jsonl:0", "above 0")]
    [InlineData("math=a.jsonl:-1", "above 0")]
    [InlineData("math=a.jsonl:NaN", "above 0")]
    [InlineData("math=a.jsonl:Infinity", "above 0")]
    public void Parse_NoFileOrNoWeight_SaysSo(string text, string part) =>
        Assert.Contains(
            part,
            Assert.Throws<ArgumentException>(() => TaskSource.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_NameOfAnExistingFile_MeansTheFile()
    {
        using TempFolder folder = new();
        string path = folder.Write("task.jsonl:0.5", Array.Empty<byte>());
        Assert.Equal(new TaskSource("math", path, null), TaskSource.Parse("math=" + path));
        Assert.Equal(new TaskSource("math", path, 0.25), TaskSource.Parse($"math={path}:0.25"));
    }

    [Fact]
    public void Create_Weights_AreSharedEquallyByTheRowsOfATask()
    {
        TargetTasks tasks = TargetTasks.Create([
            new TaskPart("math", true, 0.6, 2),
            new TaskPart("code", true, 0.3, 1),
            new TaskPart("math", true, null, 1),
        ])!;
        double[] weights = [.. tasks.Weights!];
        Assert.Equal([0.6 / 3, 0.6 / 3, 0.3, 0.6 / 3], weights);
        Assert.Equal(["math", "math", "code", "math"], Enumerable.Range(0, 4).Select(tasks.NameOf));
    }

    [Fact]
    public void Create_NoWeights_LeavesTheTargetsEqual()
    {
        Assert.Null(TargetTasks.Create([new TaskPart("a", false, null, 5)]));
        Assert.Null(
            TargetTasks.Create([new TaskPart("a", false, null, 5), new TaskPart("b", false, null, 2)])!.Weights
        );
    }

    [Fact]
    public void Create_SomeWeights_NamesTheTaskWithout()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            TargetTasks.Create([new TaskPart("math", true, 0.6, 2), new TaskPart("code", true, null, 1)])
        );
        Assert.Contains("'code'", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() =>
            TargetTasks.Create([new TaskPart("math", true, 0.6, 2), new TaskPart("math", true, 0.4, 1)])
        );
        Assert.Contains("found 0.6 and 0.4", error.Message, StringComparison.Ordinal);
    }
}
