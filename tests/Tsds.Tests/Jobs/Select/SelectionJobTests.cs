using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Jobs.Select;

public sealed class SelectionJobTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public SelectionJobTests()
    {
        Write("pool.npy", 2000);
        Write("targets.npy", 10);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Estimate_Vectors_KnowsRowsAndMemory()
    {
        SelectionEstimate estimate = SelectionJob.Estimate(Job());
        Assert.Equal(2000, estimate.PoolRows);
        Assert.Equal(10, estimate.TargetRows);
        Assert.Equal(16, estimate.Dimension);
        Assert.True(estimate.MemoryBytes > 0);
        Assert.Empty(estimate.Notes);
    }

    [Fact]
    public void Estimate_AlphaZero_SaysWhatItCosts()
    {
        string note = Assert.Single(SelectionJob.Estimate(Job(spec => spec with { Alpha = 0 })).Notes);
        Assert.Contains("2,000 neighbors for each of 10 targets", note, StringComparison.Ordinal);
        Assert.Contains("the density of every candidate", note, StringComparison.Ordinal);
        note = Assert.Single(
            SelectionJob.Estimate(Job(spec => spec with { Regularizer = Regularizer.TotalVariation })).Notes
        );
        Assert.DoesNotContain("density", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AlphaZero_ReachesTheWholePoolAndIsCertified()
    {
        SelectionSummary summary = await SelectionJob.RunAsync(
            Job(spec => spec with { Alpha = 0 }),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.True(summary.Plan is { Certificate.IsCertified: true });
        Assert.Equal(2000, summary.Plan!.DensitiesEvaluated);
        Assert.Equal(6, summary.FilesWritten.Count);
        Assert.All(summary.FilesWritten, file => Assert.True(File.Exists(file)));
    }

    [Theory]
    [InlineData("pool", "--pool")]
    [InlineData("targets", "--target")]
    [InlineData("one", "--target-vectors")]
    public void Estimate_MissingInputs_SaysWhich(string missing, string part)
    {
        SelectionJobOptions job = Job(whole =>
            missing switch
            {
                "pool" => whole with { PoolVectors = [] },
                "targets" => whole with { TargetVectors = [] },
                _ => whole with { TargetVectors = [], Targets = ["rows.jsonl"] },
            }
        );
        ArgumentException error = Assert.Throws<ArgumentException>(() => SelectionJob.Estimate(job));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnusableRow_LeavesNothingBehind()
    {
        using (NpyWriter writer = new(_folder["bad.npy"], 16))
        {
            float[] row = new float[16];
            row[5] = float.NaN;
            writer.Append(row);
            writer.Complete();
        }

        string[] before = Directory.GetFileSystemEntries(_folder.Root);
        SelectionJobOptions job = Job(spec => spec with { PoolVectors = [_folder["bad.npy"]] });
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            SelectionJob.RunAsync(job, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("bad.npy row 0, column 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Root));
    }

    private SelectionJobOptions Job(Func<SelectionSpec, SelectionSpec>? change = null)
    {
        Assert.True(Budget.TryParse("1%", out Budget budget));
        SelectionSpec spec = new()
        {
            PoolVectors = [_folder["pool.npy"]],
            TargetVectors = [_folder["targets.npy"]],
            Budget = budget,
            HasReport = false,
        };
        return new SelectionJobOptions { Spec = change?.Invoke(spec) ?? spec, Output = _folder["out"] };
    }

    private void Write(string name, int rows)
    {
        using NpyWriter writer = new(_folder[name], 16);
        writer.Append(Vectors.Create(rows, rows, 16, VectorKind.Clustered).Values.Span);
        writer.Complete();
    }
}
