using Tsds.Data;
using Tsds.Numerics;

namespace Tsds.Evaluation.Baselines;

/// <summary>Finds the best row of herding, step after step, with kernels to chosen rows computed only where they decide.</summary>
internal sealed class HerdingSearch
{
    private const int ChunkSize = 1024;

    private readonly CandidateVectors _vectors;
    private readonly GaussianKernel _kernel;
    private readonly ParallelOptions _parallel;
    private readonly double[] _normsSquared;

    /// <summary>mean_j k(x_i, q_j); −∞ once the row is chosen.</summary>
    private readonly double[] _attractions;

    /// <summary>Σ k(x_i, x_l) over the first <see cref="_known"/> chosen rows.</summary>
    private readonly double[] _repulsions;
    private readonly int[] _known;
    private readonly float[] _chosen;
    private readonly double[] _chosenNormsSquared;
    private int _count;

    public HerdingSearch(CandidateVectors vectors, MethodInputs inputs, GaussianKernel kernel)
    {
        (_vectors, _kernel) = (vectors, kernel);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = inputs.ThreadCount };
        _normsSquared = new double[vectors.Count];
        _attractions = new double[vectors.Count];
        _repulsions = new double[vectors.Count];
        _known = new int[vectors.Count];
        _chosen = new float[checked((int)inputs.Budget * inputs.Targets.Dimension)];
        _chosenNormsSquared = new double[inputs.Budget];
        double[] targetNorms = DistanceKernels.NormsSquared(inputs.Targets);
        ForEachChunk(chunk =>
        {
            double[] products = new double[targetNorms.Length];
            foreach (int i in chunk)
            {
                _normsSquared[i] = DistanceKernels.NormSquared(vectors[i]);
                Similarity.Compute(vectors[i], inputs.Targets, products);
                double sum = 0;
                for (int target = 0; target < products.Length; target++)
                {
                    sum += kernel.Evaluate(_normsSquared[i], targetNorms[target], products[target]);
                }

                _attractions[i] = sum / products.Length;
            }
        });
    }

    /// <summary>Chooses the next row.</summary>
    /// <returns>Its position, and its value at this moment.</returns>
    public (int Position, double Value) TakeBest()
    {
        // The row with the largest bound is likely the best, and what it comes to rules out most others.
        int promising = 0;
        for (int i = 1; i < _attractions.Length; i++)
        {
            promising = Bound(i) > Bound(promising) ? i : promising;
        }

        Complete(promising, double.NegativeInfinity);
        (double Value, int Position) best = (Bound(promising), promising);
        Lock taking = new();
        double limit = best.Value;
        ForEachChunk(chunk =>
        {
            (double Value, int Position) own = (double.NegativeInfinity, int.MaxValue);
            foreach (int i in chunk)
            {
                if (Bound(i) >= Math.Max(limit, own.Value) && Complete(i, Math.Max(limit, own.Value)) && Bound(i) > own.Value)
                {
                    own = (Bound(i), i);
                }
            }

            lock (taking)
            {
                if (own.Value > best.Value || (own.Value == best.Value && own.Position < best.Position))
                {
                    best = own;
                }
            }
        });
        Choose(best.Position);
        return (best.Position, best.Value);
    }

    /// <summary>The value that a row has at most, and has where its sum is complete.</summary>
    private double Bound(int i) => _attractions[i] - (_repulsions[i] / (_count + 1));

    /// <summary>Adds the kernels that a row's sum lacks, as long as its bound reaches a limit.</summary>
    /// <returns>Whether the sum is complete.</returns>
    private bool Complete(int i, double limit)
    {
        ReadOnlySpan<float> row = _vectors[i];
        EmbeddingMatrix missing = new(_chosen.AsMemory(_known[i] * row.Length, (_count - _known[i]) * row.Length), row.Length);
        Span<double> products = stackalloc double[64];
        for (int done = 0; done < missing.Count; done += products.Length)
        {
            int next = Math.Min(products.Length, missing.Count - done);
            Similarity.Compute(row, new EmbeddingMatrix(missing.Values.Slice(done * row.Length, next * row.Length), row.Length), products);
            for (int n = 0; n < next; n++)
            {
                _repulsions[i] += _kernel.Evaluate(_normsSquared[i], _chosenNormsSquared[_known[i]], products[n]);
                _known[i]++;
            }

            if (Bound(i) < limit)
            {
                return _known[i] == _count;
            }
        }

        return true;
    }

    private void Choose(int position)
    {
        _vectors[position].CopyTo(_chosen.AsSpan(_count * _vectors[position].Length));
        _chosenNormsSquared[_count] = _normsSquared[position];
        _attractions[position] = double.NegativeInfinity;
        _count++;
    }

    private void ForEachChunk(Action<IEnumerable<int>> act)
    {
        int chunks = (_vectors.Count + ChunkSize - 1) / ChunkSize;
        Parallel.For(0, chunks, _parallel, chunk =>
            act(Enumerable.Range(chunk * ChunkSize, Math.Min(ChunkSize, _vectors.Count - (chunk * ChunkSize)))));
    }
}
