using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>Finds the best row of herding, step by step, with one pass over the vectors for each row chosen.</summary>
/// <remarks>
/// Nothing is saved by putting kernels off until they decide: values and the gaps between them both shrink as 1/t, so
/// that almost every row stays in the race.
/// </remarks>
internal sealed class HerdingSearch
{
    private const int ChunkSize = 1024;

    private readonly CandidateVectors _vectors;
    private readonly double _factor;
    private readonly ParallelOptions _parallel;

    /// <summary>mean_j k(x_i, q_j) of each row i; −∞ once the row is chosen.</summary>
    private readonly double[] _attractions;

    /// <summary>Σ_l k(x_i, x_l) of each row i, over the chosen rows l.</summary>
    private readonly double[] _repulsions;
    private int _count;
    private int _last;

    /// <summary>Initializes a search before its first row.</summary>
    /// <param name="vectors">The candidates.</param>
    /// <param name="inputs">The targets.</param>
    /// <param name="bandwidth">h of the kernel, positive.</param>
    public HerdingSearch(CandidateVectors vectors, MethodInputs inputs, double bandwidth)
    {
        _vectors = vectors;
        _factor = -1 / (2 * bandwidth * bandwidth);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = inputs.ThreadCount };
        _attractions = new double[vectors.Count];
        _repulsions = new double[vectors.Count];
        ForEachChunk(
            (from, to) =>
            {
                for (int i = from; i < to; i++)
                {
                    double sum = 0;
                    for (int target = 0; target < inputs.Targets.Count; target++)
                    {
                        sum += Kernel(vectors[i], inputs.Targets[target]);
                    }

                    _attractions[i] = sum / inputs.Targets.Count;
                }
            }
        );
    }

    /// <summary>Chooses the next row and returns its position and score.</summary>
    /// <returns>Its position, and its value at this moment.</returns>
    public (int Position, double Value) ChooseNext()
    {
        (double Value, int Position) best = (double.NegativeInfinity, int.MaxValue);
        Lock taking = new();
        ForEachChunk(
            (from, to) =>
            {
                (double Value, int Position) own = (double.NegativeInfinity, int.MaxValue);
                for (int i = from; i < to; i++)
                {
                    _repulsions[i] += _count > 0 ? Kernel(_vectors[i], _vectors[_last]) : 0;
                    double value = _attractions[i] - (_repulsions[i] / (_count + 1));
                    own = value > own.Value ? (value, i) : own;
                }

                lock (taking)
                {
                    bool isBetter = own.Value > best.Value || (own.Value == best.Value && own.Position < best.Position);
                    best = isBetter ? own : best;
                }
            }
        );
        _last = best.Position;
        _attractions[_last] = double.NegativeInfinity;
        _count++;
        return (best.Position, best.Value);
    }

    private double Kernel(ReadOnlySpan<float> x, ReadOnlySpan<float> y) =>
        Math.Exp(_factor * DistanceKernels.DistanceSquared(x, y));

    private void ForEachChunk(Action<int, int> act)
    {
        int chunks = (_vectors.Count + ChunkSize - 1) / ChunkSize;
        Parallel.For(
            0,
            chunks,
            _parallel,
            chunk => act(chunk * ChunkSize, Math.Min(_vectors.Count, (chunk + 1) * ChunkSize))
        );
    }
}
