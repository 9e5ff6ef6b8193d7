using BenchmarkDotNet.Attributes;

namespace Tsds.Benchmarks;

/// <summary>Exact densities of rows of the pool over the whole pool, on one thread, vectors in memory.</summary>
public class DensityBenchmarks
{
    // A prime, so that copies and originals come up alike.
    private const long Stride = 7919;

    private CandidatePool? _pool;
    private EmbeddingMatrix _points;

    /// <summary>Gets or sets the candidates.</summary>
    [Params(50_000)]
    public int N { get; set; }

    /// <summary>Gets or sets the dimension.</summary>
    [Params(128, 384, 1024)]
    public int D { get; set; }

    /// <summary>Gets or sets the points whose density is asked for.</summary>
    [Params(1000)]
    public int M { get; set; }

    /// <summary>
    /// Gets or sets σ: near-copies alone, the constant of the published code, and every pair within reach.
    /// </summary>
    [Params(0.1, 0.75, 2.1)]
    public double Sigma { get; set; }

    /// <summary>Generates the vectors; the points are spread over the pool.</summary>
    [GlobalSetup]
    public void Setup()
    {
        EmbeddingMatrix vectors = ClusteredVectors.CreatePool(N, D);
        int[] rows = [.. Enumerable.Range(0, M).Select(i => (int)(i * Stride % N))];
        _points = vectors.Gather(rows);
        _pool = CandidatePool.FromEmbeddings(
            vectors,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = 1 }
        );
    }

    /// <summary>Estimates the densities of M points.</summary>
    [Benchmark]
    public ValueTask<double[]> EstimateDensities() => _pool!.EstimateDensitiesAsync(_points, Sigma);

    /// <summary>Lets go of the vectors.</summary>
    [GlobalCleanup]
    public void Cleanup() => _pool?.Dispose();
}
