using Tsds.Evaluation.Methods;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Bundle;

public sealed class LineageWriterTests : IDisposable
{
    private static readonly double[] Scores = [0.9, 0.5, 0.25];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AChoice_HasRankAndScoreInTheOrderOfThePool()
    {
        Selection selection = Selection.OfChoice(
            new MethodResult(new long[] { 7, 2, 5 }, Scores),
            budget: 3,
            bandwidth: 0.5,
            nearestDistances: [0.1],
            selectedDistances: [0.2]
        );

        LineageRecord[] lines = Write(selection, [new DuplicateGroup(0, 7, [Member(5), Member(7)])]);

        Assert.Equal([2, 5, 7], lines.Select(line => line.Row));
        Assert.Equal([2, 3, 1], lines.Select(line => line.Rank));
        Assert.Equal([0.5, 0.25, 0.9], lines.Select(line => line.Score.Value));
        Assert.Equal([null, 0, 0], lines.Select(line => line.Cluster));
        Assert.All(lines, line => Assert.Equal(1, line.Count));
        Assert.All(lines, line => Assert.True(line is { Probability: null, Density: null, Targets: null }));
        Assert.Equal(3, selection.RowCount);
    }

    [Fact]
    public void Write_AChoiceWithoutScores_SaysSo()
    {
        Selection selection = Selection.OfChoice(new MethodResult(new long[] { 1 }), 1, 0, [0.1], [0.2]);

        LineageRecord line = Assert.Single(Write(selection, []));

        Assert.Null(selection.Scores);
        Assert.Equal(new Optional<double?>(null), line.Score);
    }

    [Fact]
    public async Task Write_APlan_HasEveryReachedCandidateWithItsStrongestTargets()
    {
        float[] values = [.. Enumerable.Range(0, 40).Select(i => (float)Math.Sin(i * i))];
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            new EmbeddingMatrix(values, 2),
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        EmbeddingMatrix targets = new(Enumerable.Range(0, 16).Select(i => (float)Math.Cos(i)).ToArray(), 2);
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            targets,
            new SelectionOptions { Budget = 4, EffectiveNeighbors = 6 },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Selection selection = Selection.OfPlan(result, 4);

        LineageRecord[] lines = Write(selection, []);

        Assert.Equal(result.Plan.CandidateIds.ToArray(), lines.Select(line => line.Row));
        Assert.Equal(result.Plan.Probabilities.ToArray(), lines.Select(line => line.Probability!.Value));
        Assert.Equal(
            result.CandidateIds.ToArray().Zip(result.Counts.ToArray()),
            lines.Where(line => line.Count > 0).Select(line => (line.Row, line.Count))
        );
        Assert.All(lines, line => Assert.True(line is { Rank: null, Score.IsPresent: false }));
        Assert.All(
            lines,
            line =>
                Assert.Equal(
                    result
                        .Plan.Entries.ToArray()
                        .Where(entry => entry.CandidateId == line.Row)
                        .OrderByDescending(entry => entry.Mass)
                        .ThenBy(entry => entry.Target)
                        .Take(5)
                        .Select(entry => (entry.Target, entry.Mass)),
                    line.Targets!.Select(pull => (pull.Target, pull.Mass))
                )
        );
        Assert.Contains(lines, line => line.Targets!.Count > 1);
        Assert.Equal(8, selection.NearestDistances.Count);
        Assert.Null(selection.SelectedDistances);
    }

    private static GroupMember Member(long row) => new(row, 0, 0.1, 1);

    private LineageRecord[] Write(Selection selection, IReadOnlyList<DuplicateGroup> groups)
    {
        using (LineageWriter writer = new(selection, null, groups, _folder[LineageFile.Lineage]))
        {
            while (writer.NextCandidateId is not null)
            {
                writer.Write(null, null);
            }
        }

        return [.. LineageFile.ReadLineage(_folder.Root)];
    }
}
