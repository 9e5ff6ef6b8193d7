using Tsds.Data.Embedding;
using Tsds.Data.Rows;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

/// <summary>The pool, targets and excluded rows of a job once they are opened.</summary>
public sealed class JobInputsTests : IDisposable
{
    private readonly InputFolder _folder = new();

    public JobInputsTests()
    {
        _folder.WriteRows("pool.jsonl", "red apples", "green pears", "blue plums", "red  apples", "old trains");
        _folder.WriteRows("targets.jsonl", "ripe apples", "ripe pears");
        _folder.WriteVectors("pool.npy", [3, 0], [0, 2], [0, 0, 5], [1, 1], [2, 0, 0, 1]);
        _folder.WriteVectors("targets.npy", [9, 0], [0.5f, 0.5f]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pool_Rows_AreEmbeddedAndCounted()
    {
        using PoolInputs pool = await PoolInputs.OpenAsync(_folder.Context(_folder.Rows));

        Assert.Equal(5, pool.Pool.Count);
        Assert.Equal(5, pool.Rows!.RowCount);
        Assert.Equal("lexical+static", pool.Embedding.Embedder);
        Assert.Equal(pool.Pool.Dimension, pool.Embedding.Dimension);
        Assert.NotNull(pool.Embedder);
        Assert.Empty(pool.VectorFiles);
    }

    [Fact]
    public async Task Pool_Vectors_AreThoseOfTheFile()
    {
        using PoolInputs pool = await PoolInputs.OpenAsync(_folder.Context(_folder.Vectors));

        Assert.Equal((5, 4), (pool.Pool.Count, pool.Pool.Dimension));
        Assert.Null(pool.Rows);
        Assert.Null(pool.Embedder);
        Assert.Equal("vectors", pool.Embedding.Embedder);
        Assert.Equal([_folder.Of("pool.npy")], pool.VectorFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task Pool_RowsAndFewerVectors_AreRefused()
    {
        _folder.WriteVectors("pool.npy", [3, 0], [0, 2]);
        SelectionSpec spec = _folder.Vectors with { Pool = [_folder.Of("pool.jsonl")] };

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            PoolInputs.OpenAsync(_folder.Context(spec))
        );
        Assert.Contains("5 rows of --pool, found 2 in --pool-vectors", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Row i belongs to vector i: a bad row takes its vector along, and a zero vector its row.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pool_BadRowsAndVectors_AreSkippedTogether(bool hasVectorOfTheBadRow)
    {
        File.WriteAllLines(
            _folder.Of("pool.jsonl"),
            ["""{"text":"a"}""", "broken", "", """{"text":"c"}""", """{"text":"d"}"""]
        );
        float[][] bad = hasVectorOfTheBadRow
            ?
            [
                [7],
            ]
            : [];
        _folder.WriteVectors(
            "pool.npy",
            [
                [1],
                .. bad,
                [0, 0],
                [0, 4],
            ]
        );
        SelectionSpec spec = _folder.Vectors with { Pool = [_folder.Of("pool.jsonl")], OnBadRow = BadRowPolicy.Skip };

        using JobInputs inputs = await JobInputs.OpenAsync(_folder.Context(spec));

        Assert.Equal((2, 2), (inputs.Pool.Pool.Count, inputs.Pool.Rows!.RowCount));
        Assert.Equal(
            ["a", "d"],
            inputs.Pool.Rows.Read(cancellationToken: TestContext.Current.CancellationToken).Select(row => row.Text)
        );
        Assert.Equal(2, inputs.SkippedRowCount);
        Assert.Equal([2, 4], inputs.SkippedRows.Select(row => row.Line));
        int place = hasVectorOfTheBadRow ? 2 : 1;
        Assert.Contains($"pool.npy row {place}: expected a vector with a direction", inputs.SkippedRows[1].Reason);
        EmbeddingMatrix second = await inputs.Pool.Pool.ReadEmbeddingsAsync(
            new long[] { 1 },
            TestContext.Current.CancellationToken
        );
        Assert.Equal([0, 1, 0, 0], second[0].ToArray());
    }

    [Fact]
    public async Task Targets_ZeroVector_IsSkippedWithItsRow()
    {
        _folder.WriteVectors("targets.npy", [0, 0], [0.5f, 0.5f]);
        SelectionSpec spec = _folder.Vectors with
        {
            Targets = [_folder.Of("targets.jsonl")],
            OnBadRow = BadRowPolicy.Skip,
        };
        using JobInputs inputs = await JobInputs.OpenAsync(_folder.Context(spec));
        Assert.Equal("ripe pears", Assert.Single(inputs.Targets.Rows!).Text);
        Assert.Equal(1, inputs.Targets.Count);
    }

    /// <summary>LESS 15 and 41: vector files in another order than the row files.</summary>
    [Fact]
    public async Task Pool_FilesOfVectorsInAnotherOrder_AreRefused()
    {
        _folder.WriteRows("more.jsonl", "one", "two");
        _folder.WriteVectors("more.npy", [1], [0, 1]);
        SelectionSpec spec = _folder.Vectors with
        {
            Pool = [_folder.Of("pool.jsonl"), _folder.Of("more.jsonl")],
            PoolVectors = [_folder.Of("more.npy"), _folder.Of("pool.npy")],
        };

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            PoolInputs.OpenAsync(_folder.Context(spec))
        );
        Assert.Contains("Expected the 5 vectors of", error.Message, StringComparison.Ordinal);
        Assert.Contains("more.npy, which stands at its place", error.Message, StringComparison.Ordinal);

        using PoolInputs pool = await PoolInputs.OpenAsync(
            _folder.Context(spec with { PoolVectors = [.. spec.PoolVectors.Reverse()] })
        );
        Assert.Equal(7, pool.Pool.Count);
    }

    [Fact]
    public async Task EmptyFiles_OfExcludedAndKeptRows_LeaveNothingOut()
    {
        File.WriteAllText(_folder.Of("empty.jsonl"), "");
        SelectionSpec spec = _folder.Rows with
        {
            Exclude = [_folder.Of("empty.jsonl")],
            Keep = [_folder.Of("empty.jsonl")],
        };
        using JobInputs inputs = await JobInputs.OpenAsync(_folder.Context(spec));
        Assert.Empty(inputs.Exclusion.Hidden);
        Assert.Equal([0, 0], inputs.Exclusion.Count().Select(count => count.Given));
    }

    [Fact]
    public async Task Pool_StoreOfOtherRows_IsRefused()
    {
        await EmbedJob.RunAsync(
            new EmbedJobOptions { Pool = [_folder.Of("pool.jsonl")], Output = _folder.Of("store") },
            null,
            TestContext.Current.CancellationToken
        );
        SelectionSpec spec = _folder.Rows with { PoolVectors = [_folder.Of("store")] };
        using (PoolInputs pool = await PoolInputs.OpenAsync(_folder.Context(spec)))
        {
            Assert.Equal(5, pool.Pool.Count);
            Assert.Single(pool.VectorFiles);
        }

        _folder.WriteRows("pool.jsonl", "red apples", "green pears", "blue plums", "white grapes", "old trains");
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            PoolInputs.OpenAsync(_folder.Context(spec))
        );
        Assert.Contains("other texts between rows 0 and 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Normalization.L2, new float[] { 1, 0, 0, 0 })]
    [InlineData(Normalization.None, new float[] { 9, 0, 0, 0 })]
    public async Task Targets_Vectors_AreNormalizedAsThePoolIs(Normalization normalization, float[] expected)
    {
        JobContext context = _folder.Context(_folder.Vectors with { Normalization = normalization });
        using PoolInputs pool = await PoolInputs.OpenAsync(context);
        TargetInputs targets = await TargetInputs.OpenAsync(context, pool, rows: null);

        Assert.Equal(2, targets.Count);
        Assert.Equal(expected, targets.Embeddings[0].ToArray());
        Assert.Null(targets.Rows);
        Assert.Null(targets.Tasks);
        Assert.Equal([_folder.Of("targets.npy")], targets.VectorFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task Targets_OfTwoTasks_KnowTheirTasksAndRows()
    {
        _folder.WriteRows("more.jsonl", "fast trains");
        SelectionSpec spec = _folder.Rows with
        {
            Targets = [$"fruit={_folder.Of("targets.jsonl")}:3", $"rail={_folder.Of("more.jsonl")}:1"],
        };
        using JobInputs inputs = await JobInputs.OpenAsync(_folder.Context(spec));

        Assert.Equal(["fruit", "fruit", "rail"], Enumerable.Range(0, 3).Select(inputs.Targets.Tasks!.NameOf));
        Assert.Equal([1.5, 1.5, 1], inputs.Targets.Tasks.Weights);
        Assert.Equal(["ripe apples", "ripe pears", "fast trains"], inputs.Targets.Rows!.Select(row => row.Text));
        Assert.Equal([2L, 1], inputs.Targets.Files.Select(file => file.Rows));
    }

    [Fact]
    public async Task Targets_ThatCannotBeRead_AreFoundBeforeThePoolIsEmbedded()
    {
        await File.WriteAllTextAsync(_folder.Of("targets.jsonl"), "{\"text\":", TestContext.Current.CancellationToken);
        JobContext context = _folder.Context(_folder.Rows);

        await Assert.ThrowsAsync<InvalidDataException>(() => JobInputs.OpenAsync(context));
        Assert.False(Directory.Exists(context.Scratch.ScratchPathOf("pool")));
    }

    [Fact]
    public async Task Exclusion_Nothing_LeavesThePoolItself()
    {
        using JobInputs inputs = await JobInputs.OpenAsync(
            _folder.Context(_folder.Rows with { Copies = CopyPolicy.Keep })
        );

        Assert.Same(inputs.Pool.Pool, inputs.Candidates);
        Assert.Empty(inputs.Exclusion.Count());
    }

    [Fact]
    public async Task Exclusion_EqualTextAndNearVector_AreHiddenWithTheirReason()
    {
        _folder.WriteRows("tests.jsonl", "red apples");
        _folder.WriteVectors("tests.npy", [6, 6.1f]);
        SelectionSpec spec = _folder.Vectors with
        {
            Pool = [_folder.Of("pool.jsonl")],
            Exclude = [_folder.Of("tests.jsonl")],
            KeepVectors = [_folder.Of("tests.npy")],
        };
        using JobInputs inputs = await JobInputs.OpenAsync(_folder.Context(spec));

        // Rows 0 and 3 have the excluded text, white space aside; row 3 is near the kept vector too.
        Assert.Equal([0L, 3], inputs.Exclusion.HiddenIds.ToArray());
        Assert.Equal([true, true], inputs.Exclusion.Hidden.Select(row => row.HasSameText));
        Assert.Equal(3, inputs.Candidates.Count);
        Assert.Equal(
            [new ExclusionCount("exclude", 1, 2, 0), new ExclusionCount("keep", 1, 0, 0)],
            inputs.Exclusion.Count()
        );
    }

    [Fact]
    public async Task Exclusion_AllCandidates_IsRefused()
    {
        SelectionSpec spec = _folder.Rows with { Exclude = [_folder.Of("pool.jsonl")] };
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            JobInputs.OpenAsync(_folder.Context(spec))
        );
        Assert.Contains("all 5 do", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_RelativePaths_StartThereAndAreRecordedAsTheyAreNamed()
    {
        _folder.WriteRows("data/pool.jsonl", "red apples", "green pears", "blue plums");
        _folder.WriteRows("data/some=targets.jsonl", "ripe apples");
        _folder.WriteVectors("data/targets.npy", [1, 0]);
        SelectionSpec spec = new()
        {
            Pool = ["data/*.jsonl"],
            Targets = ["data/some=targets.jsonl"],
            PoolVectors = ["data/pool#1.npy"],
            TargetVectors = ["data/targets.npy"],
            Budget = _folder.Rows.Budget,
        };
        _folder.WriteVectors("data/pool#1.npy", [1, 0], [0, 1], [1, 1], [1, 2]);
        using JobInputs inputs = await JobInputs.OpenAsync(
            _folder.Context(spec, Path.GetDirectoryName(_folder.Of("x")))
        );

        Assert.Equal(["data/pool.jsonl", "data/some=targets.jsonl"], inputs.Pool.Rows!.Files.Select(file => file.Path));
        Assert.Equal(["data/pool#1.npy"], inputs.Pool.VectorFiles.Select(file => file.Path));
        Assert.Equal("data/some=targets.jsonl", inputs.Targets.Rows![0].File);
        Assert.Equal(["data/targets.npy"], inputs.Targets.VectorFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task Root_StoreAndIndex_AreFoundThere()
    {
        await EmbedJob.RunAsync(
            new EmbedJobOptions
            {
                Pool = [_folder.Of("pool.jsonl")],
                Output = _folder.Of("store"),
                Embedder = new EmbedderOptions(),
            },
            null,
            TestContext.Current.CancellationToken
        );
        SelectionSpec spec = new()
        {
            PoolVectors = ["store"],
            Targets = ["targets.jsonl"],
            Index = "nowhere",
            Budget = _folder.Rows.Budget,
        };
        using PoolInputs pool = await PoolInputs.OpenAsync(
            _folder.Context(spec, Path.GetDirectoryName(_folder.Of("x")))
        );

        Assert.StartsWith(
            "store" + Path.DirectorySeparatorChar,
            Assert.Single(pool.VectorFiles).Path,
            StringComparison.Ordinal
        );
        Assert.Contains(_folder.Of("nowhere"), pool.IndexNote, StringComparison.Ordinal);
    }
}
