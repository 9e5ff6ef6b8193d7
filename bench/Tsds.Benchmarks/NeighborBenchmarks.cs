using BenchmarkDotNet.Attributes;

namespace Tsds.Benchmarks;

/// <summary>Exact nearest candidates on one thread, vectors in memory.</summary>
public class NeighborBenchmarks
{
    private CandidatePool? _pool;
    private EmbeddingMatrix _targets;

    /// <summary>Gets or sets the candidates.</summary>
    [Params(50_000)]
    public int N { get; set; }

    /// <summary>Gets or sets the dimension.</summary>
    [Params(128, 384, 1024)]
    public int D { get; set; }

    /// <summary>Gets or sets the targets.</summary>
    [Params(1, 100, 500)]
    public int M { get; set; }

    /// <summary>Gets or sets the neighbors of each target.</summary>
    [Params(10, 100, 1000)]
    public int K { get; set; }

    /// <summary>Generates the vectors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        CandidatePoolOptions options = new() { Normalization = Normalization.None, ThreadCount = 1 };
        _pool = CandidatePool.FromEmbeddings(ClusteredVectors.CreatePool(N, D), options);
        _targets = ClusteredVectors.CreateTargets(M, D);
    }

    /// <summary>Finds the K nearest of M targets.</summary>
    [Benchmark]
    public ValueTask<NeighborTable> FindNearest() => _pool!.FindNearestAsync(_targets, K);

    /// <summary>Lets go of the vectors.</summary>
    [GlobalCleanup]
    public void Cleanup() => _pool?.Dispose();
}
