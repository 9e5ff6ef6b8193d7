using CsCheck;
using Tsds.Evaluation.Protocol;
using Tsds.Neighbors;
using Tsds.Numerics;
using Tsds.Pools;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Pools;

/// <summary>Searches through a view are by its distances, to the bit, whoever holds the rows.</summary>
public sealed class PoolViewTests : IDisposable
{
    private static readonly Gen<(int Seed, int Candidates, int Targets, int Dimension, VectorKind Kind)> Shapes =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 300], Gen.Int[1, 50], Gen.Int[1, 200], Vectors.Kinds);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FindAsync_Costs_EqualsBruteForceToTheBit() =>
        await Gen.Select(
                Shapes,
                Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 2]),
                Gen.Int[1, 3],
                Gen.Double[0, 1],
                Gen.Double[-3, 3]
            )
            .SampleAsync(
                async (shape, scan, threads, share, exponent) =>
                {
                    EmbeddingMatrix candidates = Vectors.Create(
                        shape.Seed,
                        shape.Candidates,
                        shape.Dimension,
                        shape.Kind
                    );
                    EmbeddingMatrix targets = Targets(shape, candidates);
                    int k = 1 + (int)(share * (shape.Candidates - 1));
                    PoolView view = Costs(shape.Seed, candidates, Math.Pow(10, exponent));
                    NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None, view);
                    (int lane, int precision, int shortcuts) = scan;
                    ScanSettings settings = new(
                        threads,
                        (RegisterKind)lane,
                        (ScanPrecision)precision,
                        null,
                        CancellationToken.None
                    )
                    {
                        Shortcuts = (ScanShortcuts)shortcuts,
                    };
                    AssertEqualsBruteForce(
                        candidates,
                        view,
                        targets,
                        await NeighborSearch.FindAsync(source, targets, k, settings)
                    );

                    if ((ScanPrecision)precision == ScanPrecision.Int16)
                    {
                        string folder = Directory.CreateDirectory(_folder[$"{Guid.NewGuid()}"]).FullName;
                        CandidatePoolOptions options = new() { Normalization = Normalization.None };
                        using CandidatePool pool = CandidatePool.FromEmbeddings(candidates, options);
                        await PoolIndex.BuildAsync(pool, folder, "", null, CancellationToken.None);
                        using PoolIndex index = PoolIndex.Open(folder);
                        source.Quantized = index.Rows;
                        AssertEqualsBruteForce(
                            candidates,
                            view,
                            targets,
                            await NeighborSearch.FindAsync(source, targets, k, settings)
                        );
                    }
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public async Task WithView_AnyPool_GivesTheSameBytes() =>
        await Shapes
            .Where(shape => shape.Kind != VectorKind.Lengths)
            .SampleAsync(
                async shape =>
                {
                    EmbeddingMatrix candidates = Vectors.Create(
                        shape.Seed,
                        shape.Candidates,
                        shape.Dimension,
                        shape.Kind
                    );
                    EmbeddingMatrix normalized = candidates.Normalize(Normalization.L2);
                    float[] mean = [.. Vectors.Create(3, 1, shape.Dimension, VectorKind.Spread).Values.ToArray()];
                    PoolView centering = new(mean, default, 0);
                    EmbeddingMatrix centered = centering.Apply(normalized);
                    PoolView costs = Costs(shape.Seed, centered, 0.3);
                    PoolView view = new(mean, costs.Direction, costs.Offset);
                    EmbeddingMatrix targets = centering.Apply(Targets(shape, candidates).Normalize(Normalization.L2));
                    int k = 1 + (shape.Candidates / 3);
                    int cut = shape.Candidates / 2;
                    CandidatePoolOptions two = new() { ThreadCount = 2 };
                    using CandidatePool whole = CandidatePool.FromEmbeddings(candidates);
                    using CandidatePool first = CandidatePool.FromEmbeddings(
                        candidates.Gather([.. Enumerable.Range(0, cut)]),
                        two
                    );
                    using CandidatePool second = CandidatePool.FromEmbeddings(
                        candidates.Gather([.. Enumerable.Range(cut, shape.Candidates - cut)]),
                        two
                    );
                    ICandidatePool[] pools =
                    [
                        whole.WithView(view),
                        new ShardedPool([first, second]).WithView(view),
                        new FilteredPool(whole, default).WithView(view),
                        new ReadPool(whole, view),
                        whole.WithView(centering).WithView(view),
                        new CachedPool(whole).WithView(view),
                        new CachedPool(new ShardedPool([first, second])).WithView(centering).WithView(view),
                    ];
                    long[] ids = [.. Enumerable.Range(0, shape.Candidates).Select(i => (long)i)];
                    double[] densities = await whole
                        .WithView(centering)
                        .EstimateDensitiesAsync(centered, 0.8, cancellationToken: CancellationToken.None);
                    (long[], double[])[] expected = BruteForce(centered, view, targets, k);
                    foreach (ICandidatePool pool in pools)
                    {
                        AssertEqual(expected, await pool.FindNearestAsync(targets, k, null, CancellationToken.None));
                        EmbeddingMatrix read = await pool.ReadEmbeddingsAsync(ids, CancellationToken.None);
                        Assert.Equal(centered.Values.ToArray(), read.Values.ToArray());
                        Assert.Equal(
                            densities,
                            await pool.EstimateDensitiesAsync(centered, 0.8, cancellationToken: CancellationToken.None)
                        );
                    }
                },
                iter: 40,
                threads: 1
            );

    [Fact]
    public void IdAt_HiddenCandidates_CountsThoseThatAreLeft()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 9, 2, VectorKind.Spread));
        ICandidatePool filtered = new FilteredPool(pool, new long[] { 0, 3, 4, 8 });
        Assert.Equal([1L, 2, 5, 6, 7], Enumerable.Range(0, 5).Select(position => filtered.IdAt(position)));
        Assert.Equal(7, ((ICandidatePool)pool).IdAt(7));
    }

    [Fact]
    public void Apply_RowOnTheMean_BecomesZeros()
    {
        float[] mean = [0.6f, 0.8f];
        PoolView view = new(mean, default, 0);
        float[] rows = [0.6f, 0.8f, 0.8f, 0.6f];
        EmbeddingMatrix seen = view.Apply(new EmbeddingMatrix(rows, 2));
        Assert.Equal([0f, 0f], seen[0].ToArray());
        Assert.Equal(Math.Sqrt(0.5), seen[1][0], 1e-6);
    }

    [Fact]
    public void WithView_OfOtherRows_Throws()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 9, 3, VectorKind.Spread));
        using CandidatePool plain = CandidatePool.FromEmbeddings(
            Vectors.Create(1, 9, 3, VectorKind.Spread),
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        Assert.Throws<ArgumentException>(() => pool.WithView(new PoolView(new float[2], default, 0)));
        Assert.Throws<ArgumentException>(() => pool.WithView(new PoolView(default, new float[4], 0)));
        Assert.Throws<ArgumentException>(() => plain.WithView(new PoolView(new float[3], default, 0)));
        Assert.Throws<ArgumentException>(() => new PoolView(new float[2], new float[3], 0));
        Assert.Throws<ArgumentException>(() => new PoolView(new[] { float.NaN }, default, 0));
        Assert.Throws<ArgumentException>(() => new PoolView(default, new float[1], double.PositiveInfinity));
    }

    /// <summary>Some targets are candidates.</summary>
    private static EmbeddingMatrix Targets(
        (int Seed, int Candidates, int Targets, int Dimension, VectorKind Kind) shape,
        EmbeddingMatrix candidates
    ) =>
        shape.Seed % 3 == 0
            ? candidates.Gather([.. Enumerable.Range(0, shape.Targets).Select(i => i * 7 % shape.Candidates)])
            : Vectors.Create(shape.Seed + 1, shape.Targets, shape.Dimension, shape.Kind);

    /// <summary>Costs of the magnitude of the rows' squared norms times a factor; about half of them are 0.</summary>
    private static PoolView Costs(int seed, EmbeddingMatrix rows, double factor)
    {
        float[] direction = Vectors.Create(seed + 2, 1, rows.Dimension, VectorKind.Spread).Values.ToArray();
        double length = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            length = Math.Max(length, Math.Sqrt(DistanceKernels.NormSquared(rows[row])));
        }

        direction = [.. direction.Select(value => (float)(value * factor * length))];
        return new PoolView(default, direction, DistanceKernels.Dot(direction, rows[rows.Count / 2]));
    }

    private static void AssertEqualsBruteForce(
        EmbeddingMatrix candidates,
        PoolView view,
        EmbeddingMatrix targets,
        NeighborTable table
    ) => AssertEqual(BruteForce(candidates, view, targets, table.K), table);

    private static void AssertEqual((long[] Ids, double[] DistancesSquared)[] expected, NeighborTable table)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Ids, table.CandidateIds(i).ToArray());
            Assert.Equal(expected[i].DistancesSquared, table.DistancesSquared(i).ToArray());
        }
    }

    /// <summary>Returns the k nearest candidates of each target, by the definition.</summary>
    private static (long[] Ids, double[] DistancesSquared)[] BruteForce(
        EmbeddingMatrix candidates,
        PoolView view,
        EmbeddingMatrix targets,
        int k
    )
    {
        double[] costs = [.. Enumerable.Range(0, candidates.Count).Select(j => view.CostOf(candidates[j]))];
        long[] all = [.. Enumerable.Range(0, candidates.Count).Select(j => (long)j)];
        return
        [
            .. Enumerable
                .Range(0, targets.Count)
                .Select(i =>
                {
                    double[] distances = new double[candidates.Count];
                    for (int j = 0; j < distances.Length; j++)
                    {
                        distances[j] = Vectors.DistanceSquared(candidates[j], targets[i]) + costs[j];
                    }

                    long[] ids = [.. all.OrderBy(j => distances[j]).Take(k)];
                    return (ids, Array.ConvertAll(ids, j => distances[j]));
                }),
        ];
    }
}
