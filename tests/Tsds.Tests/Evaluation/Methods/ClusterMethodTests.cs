using CsCheck;
using Tsds.Evaluation.Methods;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class ClusterMethodTests
{
    [Fact]
    public void SemDeDup_Copies_GoFirst()
    {
        // One cluster; its centroid points to about 7°. Farthest from it first: 40, then −30, then 0, 10 and 11, whose
        // nearest before them are 30, 10 and 1 degrees away.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(0, 10, 11, 40, -30),
            BaselineInputs.Circle(0),
            4
        );
        long[] chosen = BaselineInputs.Select("semdedup", inputs);
        double[] scores = BaselineInputs.Scores("semdedup", inputs);
        Assert.Equal([4, 3], chosen[..2]);
        Assert.Equal(double.PositiveInfinity, scores[0]);
        Assert.Equal(1 - Math.Cos(70 * Math.PI / 180), scores[1], 6);
    }

    [Fact]
    public void SemDeDup_OneCluster_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
        {
            Dictionary<long, float[]> rows = BaselineInputs.RowsOf(inputs);
            double[] centroid =
            [
                .. Enumerable.Range(0, inputs.Targets.Dimension).Select(p => rows.Values.Sum(row => (double)row[p])),
            ];
            double length = Math.Sqrt(centroid.Sum(value => value * value));
            if (length < 1e-3)
            {
                return;
            }

            // Rows equally far from the centroid, except for rounding, may come in any order: only pools without such
            // pairs say what is right.
            double ToCentroid(long id) =>
                rows[id].Select((value, p) => value * (float)(centroid[p] / length)).Sum(product => (double)product);
            long[] order = [.. rows.Keys.OrderBy(ToCentroid).ThenBy(id => id)];
            if (order.Zip(order.Skip(1)).Any(pair => Math.Abs(ToCentroid(pair.First) - ToCentroid(pair.Second)) < 1e-5))
            {
                return;
            }

            double Score(long id) =>
                id == order[0]
                    ? 1e9
                    : 1 - order.TakeWhile(other => other != id).Max(other => BaselineInputs.Dot(rows[id], rows[other]));
            Assert.Equal(
                "",
                BaselineInputs.Disagreement(inputs, BaselineInputs.Select("semdedup", inputs), Score, 1e-7)
            );
        });

    [Fact]
    public void D4_OneCluster_KeepsWhatIsFarFromTheMiddle()
    {
        // Of eight rows six stay: the copies of 0° and 20° go. Of the rest the two farthest from their centroid are
        // those at the ends.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(0, 0, 20, 20, -50, 80, 40, -25),
            BaselineInputs.Circle(0),
            2
        );
        Assert.Equal([4, 5], BaselineInputs.Select("d4", inputs).Order());
    }

    [Fact]
    public void D4_OneCluster_IsTheDefinition() =>
        BaselineInputs.All.Sample(
            inputs =>
            {
                long kept = Math.Max(inputs.Budget, (long)Math.Round(0.75 * inputs.Candidates.Count));
                Dictionary<long, float[]> rows = BaselineInputs
                    .Select("semdedup", inputs with { Budget = kept })
                    .ToDictionary(id => id, id => BaselineInputs.Row(inputs, id));
                double[] centroid =
                [
                    .. Enumerable
                        .Range(0, inputs.Targets.Dimension)
                        .Select(p => rows.Values.Sum(row => (double)row[p])),
                ];
                double length = Math.Sqrt(centroid.Sum(value => value * value));
                if (length < 1e-3)
                {
                    return;
                }

                double Score(long id) =>
                    rows.TryGetValue(id, out float[]? row)
                        ? 1 - row.Select((value, p) => value * centroid[p] / length).Sum()
                        : -1;
                Assert.Equal("", BaselineInputs.Disagreement(inputs, BaselineInputs.Select("d4", inputs), Score, 1e-5));
            },
            iter: 30
        );

    [Fact]
    public async Task SphericalKMeans_SeparateGroups_AreFoundAsTheyAre()
    {
        // 3,000 rows in three narrow bundles 90° apart: three clusters, unless two first rows are of one bundle; every
        // row is then nearest to its own centroid.
        double[] degrees = [.. Enumerable.Range(0, 3_000).Select(i => ((i % 3) * 90) + (i / 3_000.0))];
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(degrees), BaselineInputs.Circle(0), 1) with
        {
            Seed = 3,
        };
        SphericalKMeans found = await SphericalKMeans.FitAsync(inputs, null, TestContext.Current.CancellationToken);
        Assert.Equal(3, found.ClusterCount);
        Assert.All(Enumerable.Range(0, 3_000), row => Assert.Equal(found.Clusters[row % 3], found.Clusters[row]));
    }

    [Fact]
    public void UnitVectorMethod_OtherVectors_IsRefused()
    {
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(1, 2), BaselineInputs.Circle(0), 1);
        inputs = inputs with
        {
            Pool = CandidatePool.FromEmbeddings(
                BaselineInputs.Circle(1, 2),
                new CandidatePoolOptions { Normalization = Normalization.None }
            ),
        };
        Assert.Contains(
            "--normalize l2",
            Assert.Throws<InvalidOperationException>(() => BaselineInputs.Select("d4", inputs)).Message,
            StringComparison.Ordinal
        );
    }
}
