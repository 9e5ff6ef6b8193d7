using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Numerics;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Evaluation.Methods;

/// <summary>Methods that look at most rows only nearly choose what exact arithmetic chooses, to the last bit.</summary>
public sealed class ExactChoiceTests
{
    /// <summary>More than a block of rows, and more choices than products that are computed together.</summary>
    private const int Rows = CandidateScoring.BlockSize + 300;
    private const int Budget = 70;

    [Theory]
    [InlineData(VectorKind.Clustered, Normalization.L2, 1)]
    [InlineData(VectorKind.Copies, Normalization.L2, 3)]
    [InlineData(VectorKind.Lengths, Normalization.None, 2)]
    public async Task Herding_ManyRows_ChoosesByExactValues(VectorKind kind, Normalization normalization, int threads)
    {
        MethodInputs inputs = Create(kind, normalization, threads);
        EmbeddingMatrix rows = await inputs.Pool.ReadEmbeddingsAsync(
            Enumerable.Range(0, Rows).Select(id => (long)id).ToArray(),
            TestContext.Current.CancellationToken
        );
        double bandwidth = await PoolStatistics.MeasureMedianAsync(
            inputs.Pool,
            [.. inputs.EnumerateIds()],
            inputs.Targets,
            inputs.Seed,
            inputs.ThreadCount,
            TestContext.Current.CancellationToken
        );
        double factor = -1 / (2 * bandwidth * bandwidth);
        double[] attractions = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            for (int target = 0; target < inputs.Targets.Count; target++)
            {
                attractions[i] += Math.Exp(factor * DistanceKernels.DistanceSquared(rows[i], inputs.Targets[target]));
            }

            attractions[i] /= inputs.Targets.Count;
        }

        double[] repulsions = new double[Rows];
        List<long> chosen = [];
        List<double> scores = [];
        while (chosen.Count < Budget)
        {
            int best = -1;
            double largest = double.NegativeInfinity;
            for (int i = 0; i < Rows; i++)
            {
                double value = attractions[i] - (repulsions[i] / (chosen.Count + 1));
                (best, largest) = value > largest ? (i, value) : (best, largest);
            }

            chosen.Add(best);
            scores.Add(largest);
            attractions[best] = double.NegativeInfinity;
            for (int i = 0; i < Rows; i++)
            {
                repulsions[i] += Math.Exp(factor * DistanceKernels.DistanceSquared(rows[i], rows[best]));
            }
        }

        Assert.Equal(chosen, BaselineInputs.Select("herding", inputs));
        Assert.Equal(scores, BaselineInputs.Scores("herding", inputs));
    }

    [Theory]
    [InlineData(VectorKind.Clustered, Normalization.L2)]
    [InlineData(VectorKind.Copies, Normalization.L2)]
    [InlineData(VectorKind.Lengths, Normalization.None)]
    public async Task KCenter_ManyRows_ChoosesByExactDistances(VectorKind kind, Normalization normalization)
    {
        MethodInputs inputs = Create(kind, normalization, threads: 1);
        EmbeddingMatrix rows = await inputs.Pool.ReadEmbeddingsAsync(
            Enumerable.Range(0, Rows).Select(id => (long)id).ToArray(),
            TestContext.Current.CancellationToken
        );
        long[] chosen = BaselineInputs.Select("kcenter", inputs);
        double[] scores = BaselineInputs.Scores("kcenter", inputs);
        double[] distancesSquared = new double[Rows];
        Array.Fill(distancesSquared, double.PositiveInfinity);
        HashSet<long> left = [.. Enumerable.Range(0, Rows).Select(id => (long)id)];
        for (int rank = 1; rank < Budget; rank++)
        {
            left.Remove(chosen[rank - 1]);
            foreach (long id in left)
            {
                distancesSquared[id] = Math.Min(
                    distancesSquared[id],
                    DistanceKernels.DistanceSquared(rows[(int)id], rows[(int)chosen[rank - 1]])
                );
            }

            double farthest = left.Max(id => distancesSquared[id]);
            Assert.Equal(left.Where(id => distancesSquared[id] == farthest).Min(), chosen[rank]);
            Assert.Equal(Math.Sqrt(farthest), scores[rank]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 33)]
    [InlineData(192, 300)]
    public void Products_AnyRows_AreWithinTheirBound(int count, int dimension)
    {
        EmbeddingMatrix rows = Vectors.Create(1, count, dimension, VectorKind.Spread);
        EmbeddingMatrix others = Vectors.Create(2, VectorProducts.Width, dimension, VectorKind.Spread);
        VectorProducts products = new(dimension);
        for (int lane = 0; lane < others.Count; lane++)
        {
            products.Set(lane, others[lane]);
        }

        float[] found = new float[VectorProducts.BlockRows * VectorProducts.Width];
        products.Multiply(rows.Values.Span, found);
        for (int row = 0; row < count; row++)
        {
            for (int lane = 0; lane < others.Count; lane++)
            {
                double bound =
                    VectorProducts.ErrorOf(dimension)
                    * Math.Sqrt(DistanceKernels.NormSquared(rows[row]) * DistanceKernels.NormSquared(others[lane]));
                double exact = DistanceKernels.Dot(rows[row], others[lane]);
                Assert.InRange(found[(row * VectorProducts.Width) + lane], exact - bound, exact + bound);
            }
        }
    }

    private static MethodInputs Create(VectorKind kind, Normalization normalization, int threads) =>
        new()
        {
            Pool = CandidatePool.FromEmbeddings(
                Vectors.Create(5, Rows, 33, kind),
                new CandidatePoolOptions { ThreadCount = 1, Normalization = normalization }
            ),
            Targets = Vectors.Create(6, 40, 33, VectorKind.Spread).Normalize(normalization),
            Budget = Budget,
            ThreadCount = threads,
        };
}
