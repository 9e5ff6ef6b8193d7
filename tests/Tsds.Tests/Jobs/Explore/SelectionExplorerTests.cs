using System.Security.Cryptography;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explore;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Jobs.Explore;

public sealed class SelectionExplorerTests : IDisposable
{
    private const int Dimension = 16;

    private readonly TempFolder _folder = new();

    public SelectionExplorerTests()
    {
        Write("pool.npy", 1_500, 1);
        Write("targets.npy", 12, 2);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PlanAsync_AnyChange_IsWhatSelectMakes()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();
        long[] chosen = explorer.Current.Selection.Rows.ToArray();
        (PlanRequest Request, Func<SelectionSpec, SelectionSpec> Change)[] cases =
        [
            (new PlanRequest { Alpha = 0.2 }, spec => spec with { Alpha = 0.2 }),
            (new PlanRequest { Relevance = 0.9 }, spec => spec with { Relevance = 0.9 }),
            (new PlanRequest { Bandwidth = 0.3 }, spec => spec with { Bandwidth = 0.3 }),
            (new PlanRequest { Budget = Rows(31) }, spec => spec with { Budget = Rows(31) }),
            (
                new PlanRequest
                {
                    Exclude = chosen[..3],
                    Keep = chosen[5..6],
                    Alpha = 0.4,
                },
                spec =>
                    spec with
                    {
                        Alpha = 0.4,
                        ExcludeRows = _folder.Write("exclude.rows", [.. chosen[..3].Select(row => $"{row}")]),
                        KeepRows = _folder.Write("keep.rows", $"{chosen[5]}"),
                    }
            ),
        ];
        for (int i = 0; i < cases.Length; i++)
        {
            ExploredPlan plan = await explorer.PlanAsync(cases[i].Request, TestContext.Current.CancellationToken);
            SelectionManifest made = await SelectAsync($"made{i}", cases[i].Change(Spec()));

            Assert.Equal(
                LineageFile.ReadLineage(made.Folder).Select(line => (line.Row, line.Count, line.Probability)),
                plan.Transport!.Plan.CandidateIds.ToArray()
                    .Select(row => (row, plan.CountOf(row), (double?)plan.ShareOf(row)!.Value.Probability))
            );
            Assert.Equal(made.Record.Solution!.Primal, plan.Transport.Certificate.Primal);
        }
    }

    [Fact]
    public async Task PlanAsync_WhatWasAskedBefore_AsksThePoolForNothing()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();
        PlanRequest[] requests =
        [
            new() { Alpha = 0.4 },
            new() { Alpha = 0.6 },
            new() { Budget = Rows(18) },
            new() { Exclude = [1, 2, 3] },
        ];
        foreach (PlanRequest request in requests)
        {
            await explorer.PlanAsync(request, TestContext.Current.CancellationToken);
        }

        ExploredPlan again = await explorer.PlanAsync(
            new PlanRequest { Alpha = 0.5, Exclude = [1, 2] },
            TestContext.Current.CancellationToken
        );
        ExploredPlan between = await explorer.PlanAsync(
            new PlanRequest { Alpha = 0.55 },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, again.Searches);
        Assert.Equal(0, between.Searches);
    }

    [Fact]
    public async Task PlanAsync_WithoutATarget_IsTheSelectionOfTheOthers()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();

        ExploredPlan plan = await explorer.PlanAsync(
            new PlanRequest { WithoutTargets = [4] },
            TestContext.Current.CancellationToken
        );

        Write("others.npy", 12, 2, leftOut: 4);
        SelectionManifest made = await SelectAsync(
            "made",
            Spec() with
            {
                TargetVectors = [_folder["others.npy"]],
                // An automatic one would be another without the target.
                Bandwidth = explorer.Current.Selection.Bandwidth,
            }
        );
        Assert.Equal(
            LineageFile.ReadLineage(made.Folder).Where(line => line.Count > 0).Select(line => line.Row),
            plan.Selection.Rows.ToArray()
        );
        Assert.Equal(5, plan.OriginalOf(4));
        await SavedAsItIsShownAsync(explorer, plan);
        Assert.Contains(
            "targets left out: #4",
            SelectionManifest.Read(_folder["saved"]).Spec!.Origin!.Changes,
            StringComparer.Ordinal
        );
    }

    /// <summary>A task keeps its weight when it loses a target, and goes when it loses all; added rows come
    /// last.</summary>
    [Fact]
    public async Task PlanAsync_OtherTargetsOfWeightedTasks_SavesWhatItShows()
    {
        Write("few.npy", 3, 7);
        Write("one.npy", 1, 8);
        SelectionSpec spec = Spec() with
        {
            TargetVectors =
            [
                $"many={_folder["targets.npy"]}:1",
                $"few={_folder["few.npy"]}:3",
                $"one={_folder["one.npy"]}:2",
            ],
        };
        await SelectAsync("out", spec);
        using SelectionExplorer explorer = await OpenAsync();

        ExploredPlan plan = await explorer.PlanAsync(
            new PlanRequest { WithoutTargets = [0, 13, 15], Targets = [77] },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(14, plan.Inputs.Targets.Count);
        Assert.Equal(
            [11, 12, 14, 16],
            [plan.OriginalOf(10), plan.OriginalOf(11), plan.OriginalOf(12), plan.OriginalOf(13)]
        );
        Assert.Equal("many", plan.Inputs.Targets.Tasks!.NameOf(0));
        Assert.Equal("few", plan.Inputs.Targets.Tasks.NameOf(11));
        await SavedAsItIsShownAsync(explorer, plan);
    }

    [Fact]
    public async Task PlanAsync_MoreTargetsThanMayBeMade_IsRefused()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            explorer.PlanAsync(
                new PlanRequest { Targets = [.. Enumerable.Range(0, 201).Select(row => (long)row)] },
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task NearestRows_OfARow_MeasuresAsTheSelectionDoes()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();
        PoolView centering = new(explorer.Current.Transport!.Views[0].Mean, default, 0);
        Assert.False(centering.Mean.IsEmpty);
        EmbeddingMatrix rows = centering.Apply(
            await explorer.Inputs.Pool.Pool.ReadEmbeddingsAsync(
                new long[] { 3, 4, 5, 6 },
                TestContext.Current.CancellationToken
            )
        );

        IReadOnlyList<NearRow> near = await NearestRows.FindAsync(
            explorer,
            null,
            3,
            1_500,
            TestContext.Current.CancellationToken
        );

        for (int row = 4; row <= 6; row++)
        {
            double distance = System.Numerics.Tensors.TensorPrimitives.Distance(rows[0], rows[row - 3]);
            Assert.Equal(distance, near.Single(found => found.Row == row).Distance, 1e-5);
        }
    }

    [Fact]
    public async Task SaveAsync_AFolderThatIsThere_IsNamedInWordsOfThePage()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();

        IOException problem = await Assert.ThrowsAsync<IOException>(() =>
            new ChangedSelection(explorer).SaveAsync(
                explorer.Current,
                _folder["out"],
                null,
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("choose another name", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_RowsMadeTargets_SavesWhatItShows()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsync();
        ExploredPlan plan = await explorer.PlanAsync(
            new PlanRequest { Targets = [77, 78] },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(14, plan.Inputs.Targets.Count);
        await SavedAsItIsShownAsync(explorer, plan);
        Assert.Contains(
            "2 rows made targets",
            SelectionManifest.Read(_folder["saved"]).Spec!.Origin!.Changes,
            StringComparer.Ordinal
        );
    }

    [Fact]
    public async Task OpenAsync_ScratchFolders_DeletesThoseOfKilledProcessesAlone()
    {
        await SelectAsync("out", Spec());
        string killed = Directory
            .CreateDirectory(ScratchFolder.NewPath(Path.GetTempPath(), RepeatedJob.FolderPrefix))
            .FullName;
        File.WriteAllText(Path.Combine(killed, FolderLock.FileName), "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(killed, "rows")).FullName, "0"), "");
        string living = Directory
            .CreateDirectory(ScratchFolder.NewPath(Path.GetTempPath(), RepeatedJob.FolderPrefix))
            .FullName;
        try
        {
            using FolderLock held = FolderLock.TryTake(living)!;
            string own;
            using (SelectionExplorer explorer = await OpenAsync())
            {
                own = Path.GetDirectoryName(explorer.Context.Options.Output)!;
                Assert.True(Directory.Exists(own));
            }

            Assert.False(Directory.Exists(own));
            Assert.False(Directory.Exists(killed));
            Assert.True(Directory.Exists(living));
        }
        finally
        {
            Directory.Delete(living, recursive: true);
        }
    }

    /// <summary>A page that opens shows what files tell; the pool is searched when somebody asks for more.</summary>
    [Fact]
    public async Task OpenAsync_BeforeThePlanIsProven_ShowsThePointsThatItHas()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsRecordedAsync();
        Assert.Null(explorer.Current.Transport);
        Assert.False(explorer.Asked.IsCompleted);
        byte[] recorded = PointState.Of(explorer, explorer.Current);

        await explorer.ProveAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(explorer.Current.Transport);
        Assert.True(explorer.Asked.IsCompleted);
        Assert.Equal(PointState.Of(explorer, explorer.Current), recorded);
        Assert.Contains(recorded, state => (state & 3) == 2);
    }

    [Fact]
    public void OutlineOf_TargetsBeyondTheMedianWaterLevel_AreOutOfReach()
    {
        TargetRecord[] targets =
        [
            .. new (double Nearest, double? Level)[] { (0.7, 0.5), (0.5, 0.6), (0.2, null), (0.61, 0.7) }.Select(
                (target, number) =>
                    new TargetRecord
                    {
                        Target = number,
                        NearestDistance = target.Nearest,
                        WaterLevel = new Optional<double?>(target.Level),
                    }
            ),
        ];

        Assert.Equal([0, 3], PlanOutline.Of([], targets).OutOfReach);
    }

    /// <summary>Both maps are made once, and a map of another selection is not taken for one.</summary>
    [Fact]
    public async Task ReadOrCreateAsync_AMapThatIsKept_IsReadAgain()
    {
        await SelectAsync("out", Spec());
        using SelectionExplorer explorer = await OpenAsRecordedAsync();
        CancellationToken token = TestContext.Current.CancellationToken;
        Projection made = await AxesProjection.ReadOrCreateAsync(explorer, token);
        string path = _folder["out/explorer/axes.map"];
        byte[] kept = File.ReadAllBytes(path);

        // The first place, 8 bytes after the key: a map that is damaged is made again, one that is whole is believed.
        kept[40] ^= 1;
        File.WriteAllBytes(path, kept);
        Projection remade = await AxesProjection.ReadOrCreateAsync(explorer, token);
        SHA256.HashData(kept.AsSpan(..^32), kept.AsSpan(^32..));
        File.WriteAllBytes(path, kept);
        Projection read = await AxesProjection.ReadOrCreateAsync(explorer, token);

        Assert.Equal(made.Places.ToArray(), remade.Places.ToArray());
        Assert.Equal(made.Places.Span[0] ^ 1, read.Places.Span[0]);
        Assert.Equal(made.Places[1..].ToArray(), read.Places[1..].ToArray());
    }

    [Fact]
    public async Task OpenAsync_ASmallerPoolThanItsFilesTellOf_IsRefused()
    {
        await SelectAsync("out", Spec());
        Write("pool.npy", 20, 1);

        await Assert.ThrowsAsync<InvalidDataException>(OpenAsRecordedAsync);
    }

    [Fact]
    public async Task OpenAsync_InputsOfAnotherSelection_AreRefused()
    {
        await SelectAsync("out", Spec());
        Write("pool.npy", 1_500, 3);

        InvalidDataException problem = await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);

        Assert.Contains("tsds verify", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a/b.c=1", "a/b.c=1")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME;rm", "'$HOME;rm'")]
    [InlineData("", "''")]
    public void Quote_AWord_IsOneWordOfAShell(string word, string quoted) =>
        Assert.Equal(quoted, ChangedSelection.Quote(word));

    private async Task SavedAsItIsShownAsync(SelectionExplorer explorer, ExploredPlan plan)
    {
        await new ChangedSelection(explorer).SaveAsync(
            plan,
            _folder["saved"],
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            plan.Transport!.Plan.CandidateIds.ToArray()
                .Select(row => (row, plan.CountOf(row), (double?)plan.ShareOf(row)!.Value.Probability)),
            LineageFile.ReadLineage(_folder["saved"]).Select(line => (line.Row, line.Count, line.Probability))
        );
    }

    private async Task<SelectionExplorer> OpenAsync()
    {
        SelectionExplorer explorer = await OpenAsRecordedAsync();
        try
        {
            await explorer.ProveAsync(TestContext.Current.CancellationToken);
            return explorer;
        }
        catch
        {
            explorer.Dispose();
            throw;
        }
    }

    private Task<SelectionExplorer> OpenAsRecordedAsync() =>
        SelectionExplorer.OpenAsync(
            SelectionManifest.Read(_folder["out"]),
            null,
            null,
            TestContext.Current.CancellationToken
        );

    private async Task<SelectionManifest> SelectAsync(string name, SelectionSpec spec)
    {
        await SelectionJob.RunAsync(
            new SelectionJobOptions { Spec = spec, Output = _folder[name] },
            null,
            TestContext.Current.CancellationToken
        );
        return SelectionManifest.Read(_folder[name]);
    }

    private SelectionSpec Spec() =>
        new()
        {
            PoolVectors = [_folder["pool.npy"]],
            TargetVectors = [_folder["targets.npy"]],
            Budget = Rows(20),
            HasReport = false,
        };

    private static Budget Rows(int count)
    {
        Assert.True(Budget.TryParse($"{count}", out Budget budget));
        return budget;
    }

    private void Write(string name, int rows, int seed, int? leftOut = null)
    {
        Random random = new(seed);
        File.Delete(_folder[name]);
        using NpyWriter writer = new(_folder[name], Dimension);
        for (int row = 0; row < rows; row++)
        {
            float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.3))];
            if (row != leftOut)
            {
                writer.Append(vector);
            }
        }

        writer.Complete();
    }
}
