using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Jobs.Select;

public sealed class SelectionJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-job-").FullName;

    public SelectionJobTests()
    {
        Write("pool.npy", 2000);
        Write("targets.npy", 10);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Plan_Vectors_KnowsRowsAndMemory()
    {
        SelectionEstimate plan = SelectionJob.Plan(Job(new SelectionOptions { Budget = 1 }));
        Assert.Equal(2000, plan.PoolRows);
        Assert.Equal(10, plan.TargetRows);
        Assert.Equal(16, plan.Dimension);
        Assert.True(plan.MemoryBytes > 0);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Plan_AlphaZero_SaysWhatItCosts()
    {
        string note = Assert.Single(SelectionJob.Plan(Job(new SelectionOptions { Budget = 1, Alpha = 0 })).Notes);
        Assert.Contains("2,000 neighbors for each of 10 targets", note, StringComparison.Ordinal);
        Assert.Contains("the density of every candidate", note, StringComparison.Ordinal);
        note = Assert.Single(
            SelectionJob.Plan(Job(new SelectionOptions { Budget = 1, Regularizer = Regularizer.TotalVariation })).Notes
        );
        Assert.DoesNotContain("density", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AlphaZero_ReachesTheWholePoolAndIsCertified()
    {
        SelectionSummary summary = await SelectionJob.RunAsync(
            Job(new SelectionOptions { Budget = 1, Alpha = 0 }),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.True(summary.Certificate is { IsCertified: true });
        Assert.Equal(2000, summary.DensitiesEvaluated);
        Assert.Equal(6, summary.FilesWritten.Count);
        Assert.All(summary.FilesWritten, file => Assert.True(File.Exists(file)));
    }

    [Theory]
    [InlineData("pool", "--pool")]
    [InlineData("targets", "--target")]
    [InlineData("one", "--target-vectors")]
    public void Plan_MissingInputs_SaysWhich(string missing, string part)
    {
        SelectionJobOptions whole = Job(new SelectionOptions { Budget = 1 });
        SelectionJobOptions job = missing switch
        {
            "pool" => whole with { PoolVectors = [] },
            "targets" => whole with { TargetVectors = [] },
            _ => whole with { TargetVectors = [], Targets = ["rows.jsonl"] },
        };
        ArgumentException error = Assert.Throws<ArgumentException>(() => SelectionJob.Plan(job));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnusableRow_LeavesNothingBehind()
    {
        using (NpyWriter writer = new(Path.Combine(_folder, "bad.npy"), 16))
        {
            float[] row = new float[16];
            row[5] = float.NaN;
            writer.Append(row);
            writer.Complete();
        }

        string[] before = Directory.GetFileSystemEntries(_folder);
        SelectionJobOptions job = Job(new SelectionOptions { Budget = 1 }) with
        {
            PoolVectors = [Path.Combine(_folder, "bad.npy")],
        };
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            SelectionJob.RunAsync(job, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("bad.npy row 0, column 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder));
    }

    private SelectionJobOptions Job(SelectionOptions selection)
    {
        Assert.True(Budget.TryParse("1%", out Budget budget));
        return new SelectionJobOptions
        {
            PoolVectors = [Path.Combine(_folder, "pool.npy")],
            TargetVectors = [Path.Combine(_folder, "targets.npy")],
            Budget = budget,
            Output = Path.Combine(_folder, "out"),
            Selection = selection,
        };
    }

    private void Write(string name, int rows)
    {
        using NpyWriter writer = new(Path.Combine(_folder, name), 16);
        writer.Append(Vectors.Create(rows, rows, 16, VectorKind.Clustered).Values.Span);
        writer.Complete();
    }
}
