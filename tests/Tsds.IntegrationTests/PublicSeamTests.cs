namespace Tsds.IntegrationTests;

/// <summary>The seam seen from outside: anyone can write a pool, with public members alone.</summary>
public sealed class PublicSeamTests
{
    [Theory]
    [InlineData(DensityBase.Pool)]
    [InlineData(DensityBase.Neighbors)]
    public async Task SelectAsync_PoolOfSomebodyElse_SelectsWhatOursSelects(DensityBase densityBase)
    {
        const int Candidates = 400;
        const int Dimension = 8;
        float[] values = new float[Candidates * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Sin((i * 7.3f) + (i % 11));
        }

        EmbeddingMatrix embeddings = new(values, Dimension);
        EmbeddingMatrix targets = embeddings.Gather([3, 77, 200]);
        SelectionOptions options = new()
        {
            Budget = 25,
            Seed = 5,
            DensityBase = densityBase,
            Bandwidth = 0.8,
        };
        using CandidatePool ours = CandidatePool.FromEmbeddings(embeddings);
        SelectionResult expected = await DataSelector.SelectAsync(
            ours,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        SelectionResult found = await DataSelector.SelectAsync(
            new ListPool(embeddings.Normalize(Normalization.L2)),
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected.CandidateIds.ToArray(), found.CandidateIds.ToArray());
        Assert.Equal(expected.EffectiveNeighbors!.Value, found.EffectiveNeighbors!.Value, 1e-9);
        Assert.True(found.Certificate.IsCertified);
    }

    /// <summary>The simplest pool that can be written: every distance, every time.</summary>
    private sealed class ListPool(EmbeddingMatrix embeddings) : ICandidatePool
    {
        public long Count => embeddings.Count;

        public int Dimension => embeddings.Dimension;

        public Normalization Normalization => Normalization.L2;

        public ValueTask<NeighborTable> FindNearestAsync(
            EmbeddingMatrix targets,
            int k,
            IProgress<long>? progress = null,
            CancellationToken cancellationToken = default
        )
        {
            List<long> ids = [];
            List<double> squares = [];
            for (int i = 0; i < targets.Count; i++)
            {
                int target = i;
                foreach (
                    (double square, long id) in Enumerable
                        .Range(0, embeddings.Count)
                        .Select(j => (DistanceSquared(targets[target], embeddings[j]), (long)j))
                        .Order()
                        .Take(k)
                )
                {
                    ids.Add(id);
                    squares.Add(square);
                }
            }

            return ValueTask.FromResult(new NeighborTable(targets.Count, k, [.. ids], [.. squares]));
        }

        public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
            ReadOnlyMemory<long> candidateIds,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult(embeddings.Gather([.. candidateIds.ToArray().Select(id => (int)id)]));

        public ValueTask<double[]> EstimateDensitiesAsync(
            EmbeddingMatrix points,
            double bandwidth,
            ReadOnlyMemory<long>? population = null,
            IProgress<long>? progress = null,
            CancellationToken cancellationToken = default
        )
        {
            double[] densities = new double[points.Count];
            for (int p = 0; p < densities.Length; p++)
            {
                foreach (
                    long j in population?.ToArray() ?? [.. Enumerable.Range(0, embeddings.Count).Select(j => (long)j)]
                )
                {
                    densities[p] += Math.Max(
                        0,
                        1 - (DistanceSquared(points[p], embeddings[(int)j]) / (bandwidth * bandwidth))
                    );
                }
            }

            return ValueTask.FromResult(densities);
        }

        private static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
            }

            return sum;
        }
    }
}
