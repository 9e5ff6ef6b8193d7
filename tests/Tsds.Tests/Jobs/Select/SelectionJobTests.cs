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

    /// <summary>The rows behind the pool are copies: nothing else of the selection may change.</summary>
    [Fact]
    public async Task RunAsync_RowsCopied_SelectsAsWithoutTheCopies()
    {
        EmbeddingMatrix pool = Vectors.Create(2000, 2000, 16, VectorKind.Clustered);
        int[] copied = [.. Enumerable.Range(0, 2000), .. Enumerable.Repeat(1, 500), .. Enumerable.Range(0, 300)];
        using (NpyWriter writer = new(_folder["copied.npy"], 16))
        {
            writer.Append(pool.Gather(copied).Values.Span);
            writer.Complete();
        }

        Assert.True(Budget.TryParse("100", out Budget budget));
        SelectionSummary plain = await RunAsync("plain", spec => spec with { Budget = budget });
        SelectionSummary once = await RunAsync(
            "once",
            spec => spec with { Budget = budget, PoolVectors = [_folder["copied.npy"]] }
        );
        SelectionSummary keep = await RunAsync(
            "keep",
            spec => spec with { Budget = budget, PoolVectors = [_folder["copied.npy"]], Copies = CopyPolicy.Keep }
        );
        Assert.Equal(0, plain.CopyCount);
        Assert.Equal(800, once.CopyCount);
        Assert.Equal(2000, once.PoolRows);
        Assert.Equal(plain.Plan?.Certificate, once.Plan?.Certificate);
        foreach (string file in new[] { "selected.npy", "path.csv", "targets.jsonl" })
        {
            Assert.Equal(BytesOf("plain", file), BytesOf("once", file));
        }

        Assert.Contains("\"copyOf\":", File.ReadAllText(Path.Combine(_folder["once"], "clusters.jsonl")));
        Assert.Equal(0, keep.CopyCount);
        Assert.Equal(2800, keep.PoolRows);
        Assert.NotEqual(plain.Plan?.Certificate, keep.Plan?.Certificate);
    }

    [Fact]
    public async Task RunAsync_TextsWrittenTwice_AreDrawnOnce()
    {
        string[] kinds = ["train", "bread", "chess"];
        string Text(int row) => $"the {kinds[row % 3]} number {row} of the {kinds[row / 3 % 3]} is late by {row * 7}";
        string[] texts = [.. Enumerable.Range(0, 60).Select(Text)];
        string[] rows =
        [
            .. Enumerable
                .Range(0, 600)
                .Select(row => texts[row * 7 % 60])
                .Select((text, row) => row % 4 == 0 ? "  " + text.Replace(" ", "  ", StringComparison.Ordinal) : text),
        ];
        string pool = WriteRows("pool.jsonl", rows);
        string targets = WriteRows("targets.jsonl", texts[..6]);
        Assert.True(Budget.TryParse("12", out Budget budget));
        SelectionJobOptions job = new()
        {
            Spec = new SelectionSpec
            {
                Pool = [pool],
                Targets = [targets],
                Budget = budget,
                HasReport = true,
            },
            Cache = null,
            Output = _folder["texts"],
        };
        SelectionSummary summary = await SelectionJob.RunAsync(job, null, TestContext.Current.CancellationToken);
        string[] selected = [.. File.ReadLines(Path.Combine(job.Output, "selected.jsonl"))];
        Assert.Equal(540, summary.CopyCount);
        Assert.Equal(12, selected.Length);
        Assert.Equal(
            12,
            selected
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                .Distinct()
                .Count()
        );
    }

    private string WriteRows(string name, string[] texts)
    {
        string path = _folder[name];
        File.WriteAllLines(path, texts.Select(text => $$"""{"text":"{{text}}"}"""));
        return path;
    }

    private byte[] BytesOf(string output, string file) => File.ReadAllBytes(Path.Combine(_folder[output], file));

    private Task<SelectionSummary> RunAsync(string output, Func<SelectionSpec, SelectionSpec> change) =>
        SelectionJob.RunAsync(
            Job(change) with
            {
                Output = _folder[output],
            },
            null,
            TestContext.Current.CancellationToken
        );

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
