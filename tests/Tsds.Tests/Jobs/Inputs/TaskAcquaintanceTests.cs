using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Jobs.Inputs;

/// <summary>The measure of how well targets know each other, and the warning that a poor one brings.</summary>
public sealed class TaskAcquaintanceTests : IDisposable
{
    private const int Rows = 5_000;
    private const int Targets = 40;
    private const int Dimension = 32;

    private readonly InputFolder _folder = new();

    public TaskAcquaintanceTests()
    {
        EmbeddingMatrix rows = Vectors.Create(1, Rows, Dimension, VectorKind.Spread);
        EmbeddingMatrix unlike = Vectors.Create(2, Targets, Dimension, VectorKind.Spread);
        EmbeddingMatrix center = Vectors.Create(3, 1, Dimension, VectorKind.Spread);
        _folder.WriteVectors("pool.npy", [.. Enumerable.Range(0, Rows).Select(row => rows[row].ToArray())]);
        _folder.WriteVectors("unlike.npy", [.. Enumerable.Range(0, Targets).Select(row => unlike[row].ToArray())]);
        _folder.WriteVectors(
            "alike.npy",
            [
                .. Enumerable
                    .Range(0, Targets)
                    .Select(row => unlike[row].ToArray().Select((value, i) => (0.5f * value) + center[0][i]).ToArray()),
            ]
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MeasureAsync_EachTask_IsMeasuredByItself()
    {
        SelectionSpec spec = Spec($"one={_folder.Of("alike.npy")}", $"two={_folder.Of("unlike.npy")}");
        JobContext context = _folder.Context(spec);
        using JobInputs inputs = await JobInputs.OpenAsync(context);
        IReadOnlyList<TaskAcquaintance> tasks = await TaskAcquaintance.MeasureAsync(context, inputs);

        Assert.Equal(["one", "two"], tasks.Select(task => task.Task));
        Assert.InRange(tasks[0].Percentile, 0, 0.05);
        Assert.InRange(tasks[1].Percentile, 0.35, 0.65);
        Assert.Equal([false, true], tasks.Select(task => task.IsPoor));
        Assert.Equal(tasks, await TaskAcquaintance.MeasureAsync(context, inputs));
    }

    [Fact]
    public async Task MeasureAsync_OneTarget_TellsNothing()
    {
        _folder.WriteVectors("one.npy", [.. Enumerable.Repeat(1f, Dimension)]);
        JobContext context = _folder.Context(Spec(_folder.Of("one.npy")));
        using JobInputs inputs = await JobInputs.OpenAsync(context);
        Assert.Empty(await TaskAcquaintance.MeasureAsync(context, inputs));
    }

    [Theory]
    [InlineData("alike.npy", false)]
    [InlineData("unlike.npy", true)]
    public async Task SelectionJob_PoorTargets_AreWarnedOf(string targets, bool expected)
    {
        string output = _folder.Of("out");
        SelectionSummary summary = await SelectionJob.RunAsync(
            new SelectionJobOptions { Spec = Spec(_folder.Of(targets)), Output = output },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected, Assert.Single(summary.Acquaintance).IsPoor);
        string report = await File.ReadAllTextAsync(
            Path.Combine(output, "report.html"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected, report.Contains("do not look alike to this embedder", StringComparison.Ordinal));
    }

    private SelectionSpec Spec(params string[] targets) =>
        _folder.Vectors with
        {
            TargetVectors = targets,
            Budget = Budget.TryParse("50", out Budget budget) ? budget : default,
        };
}
