using System.Runtime.CompilerServices;
using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>Finds the best row of herding, step by step.</summary>
/// <remarks>
/// All values are known nearly, with bounds of their errors (<see cref="NearKernels"/>). Those rows alone that may be
/// the best by these are brought up to date exactly, term by term in the order of the choice, so that rows and scores
/// are those of exact arithmetic throughout.
/// <para>
/// Nothing is saved by putting kernels off until they decide: values and the gaps between them both shrink as 1/t, so
/// that almost every row stays in the race.
/// </para>
/// </remarks>
internal sealed class HerdingSearch
{
    /// <summary>More than the roundings of values in double come to.</summary>
    private const double Slack = 1e-12;

    /// <summary>The number of rows, the best at the moment, among which the next ones are looked for ahead.</summary>
    private const int Foreseen = 1024;

    private readonly CandidateVectors _vectors;
    private readonly EmbeddingMatrix _targets;
    private readonly NearKernels _kernels;
    private readonly ProductTable _products;
    private readonly ParallelOptions _parallel;
    private readonly double _targetNormSquared;

    /// <summary>mean_j k(x_i, q_j) of each row i, exact once it was brought up to date; −∞ once it is chosen.</summary>
    private readonly double[] _attractions;

    /// <summary>Σ_l k(x_i, x_l) of each row i, over the chosen rows l, and what it may be off.</summary>
    private readonly double[] _repulsions;
    private readonly double[] _errors;

    /// <summary>The exact sums over the first chosen rows, and how many these are; −1 before the first.</summary>
    private readonly double[] _exact;
    private readonly int[] _known;

    /// <summary>The vectors of the chosen rows, one after another.</summary>
    private readonly float[] _chosen;
    private readonly double[] _certain;
    private readonly double[] _possible;
    private int _count;
    private int _last;

    /// <summary>Initializes a search before its first row.</summary>
    /// <param name="vectors">The candidates.</param>
    /// <param name="inputs">The targets, and the number of rows that will be chosen at most.</param>
    /// <param name="bandwidth">h of the kernel, positive.</param>
    public HerdingSearch(CandidateVectors vectors, MethodInputs inputs, double bandwidth)
    {
        (_vectors, _targets) = (vectors, inputs.Targets);
        _kernels = new NearKernels(vectors, bandwidth);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = inputs.ThreadCount };
        _products = new ProductTable(vectors, _kernels, _parallel);
        _targetNormSquared = DistanceKernels.NormsSquared(_targets).Max();
        _attractions = new double[vectors.Count];
        _repulsions = new double[vectors.Count];
        _errors = new double[vectors.Count];
        _exact = new double[vectors.Count];
        _known = new int[vectors.Count];
        Array.Fill(_known, -1);
        _chosen = new float[checked(inputs.Budget * _targets.Dimension)];
        _certain = new double[vectors.Blocks.Count];
        _possible = new double[vectors.Blocks.Count];
        AddAttractions();
    }

    /// <summary>Returns the memory of a search in addition to the vectors, in bytes.</summary>
    public static long EstimateMemory(long candidates, long budget, int dimension) =>
        (candidates * 44) + ProductTable.EstimateMemory(candidates) + (budget * dimension * sizeof(float));

    /// <summary>Chooses the next row.</summary>
    /// <returns>Its position, and its value at this moment.</returns>
    public (int Position, double Value) ChooseNext()
    {
        int place = _count > 0 ? PlaceOfLast() : -1;
        ForEachBlock(block => Advance(block, place));
        double certain = _certain.Max();
        (double Value, int Position) best = (double.NegativeInfinity, int.MaxValue);
        Lock taking = new();
        ForEachBlock(block =>
        {
            // Not a number, where norms leave all range, rules nothing out.
            if (_possible[block] < certain)
            {
                return;
            }

            (double Value, int Position) own = BestOf(block, certain);
            lock (taking)
            {
                bool isBetter = own.Value > best.Value || (own.Value == best.Value && own.Position < best.Position);
                best = isBetter ? own : best;
            }
        });
        _last = best.Position;
        _attractions[_last] = double.NegativeInfinity;
        _vectors[_last].CopyTo(_chosen.AsSpan(_count * _targets.Dimension));
        _count++;
        return (best.Position, best.Value);
    }

    /// <summary>Adds the kernels of the last row to a block, and finds what its best row has at least and at
    /// most.</summary>
    private void Advance(int block, int place)
    {
        int first = block * CandidateScoring.BlockSize;
        int count = _vectors.Blocks[block].Count;
        if (place >= 0)
        {
            float[] kernels = new float[count];
            double normSquared = _kernels.NormsSquared[_last];
            _products.Copy(first, place, kernels);
            _kernels.ToKernels(kernels, first, normSquared);
            for (int i = 0; i < count; i++)
            {
                _repulsions[first + i] += kernels[i];
                _errors[first + i] += _kernels.ErrorOf(first + i, normSquared);
            }
        }

        double certain = double.NegativeInfinity;
        double possible = double.NegativeInfinity;
        for (int i = first; i < first + count; i++)
        {
            (double value, double error) = NearValue(i);
            certain = Math.Max(certain, value - error);
            possible = Math.Max(possible, value + error);
        }

        (_certain[block], _possible[block]) = (certain, possible);
    }

    /// <summary>Returns the value of a row, and what it may be off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (double Value, double Error) NearValue(int i)
    {
        double error = _known[i] < 0 ? _kernels.ErrorOf(i, _targetNormSquared) : 0;
        return (_attractions[i] - (_repulsions[i] / (_count + 1)), error + (_errors[i] / (_count + 1)) + Slack);
    }

    /// <summary>Brings the rows of a block up to date that may be the best, and returns the best of them.</summary>
    private (double Value, int Position) BestOf(int block, double certain)
    {
        (double Value, int Position) best = (double.NegativeInfinity, int.MaxValue);
        int first = block * CandidateScoring.BlockSize;
        for (int i = first; i < first + _vectors.Blocks[block].Count; i++)
        {
            (double near, double error) = NearValue(i);
            if (near + error < certain)
            {
                continue;
            }

            double value = ExactValue(i);
            best = value > best.Value ? (value, i) : best;
        }

        return best;
    }

    private double ExactValue(int i)
    {
        if (double.IsNegativeInfinity(_attractions[i]))
        {
            return double.NegativeInfinity;
        }

        ReadOnlySpan<float> row = _vectors[i];
        if (_known[i] < 0)
        {
            double attraction = 0;
            for (int target = 0; target < _targets.Count; target++)
            {
                attraction += _kernels.Exact(row, _targets[target]);
            }

            (_attractions[i], _known[i]) = (attraction / _targets.Count, 0);
        }

        double sum = _exact[i];
        for (int other = _known[i]; other < _count; other++)
        {
            sum += _kernels.Exact(row, _chosen.AsSpan(other * row.Length, row.Length));
        }

        (_exact[i], _repulsions[i], _errors[i], _known[i]) = (sum, sum, 0, _count);
        return _attractions[i] - (sum / (_count + 1));
    }

    /// <summary>
    /// Returns the last row's place in the table. If it has none, it gets one, with the rows that are likely to be
    /// chosen next.
    /// </summary>
    private int PlaceOfLast()
    {
        int place = _products.PlaceOf(_last);
        if (place >= 0)
        {
            return place;
        }

        PriorityQueue<int, double> best = new();
        for (int i = 0; i < _attractions.Length; i++)
        {
            double value = _attractions[i] - (_repulsions[i] / _count);
            if (best.Count < Foreseen)
            {
                best.Enqueue(i, value);
            }
            else if (best.TryPeek(out _, out double least) && value > least)
            {
                best.EnqueueDequeue(i, value);
            }
        }

        _products.Replace(Foresee([.. best.UnorderedItems.Select(item => item.Element)]));
        return 0;
    }

    /// <summary>
    /// Chooses from some rows alone, after the last: only the time depends on whether these will be the next of all.
    /// </summary>
    private int[] Foresee(int[] rows)
    {
        List<int> next = [_last];
        double[] attractions = Array.ConvertAll(rows, row => _attractions[row]);
        double[] repulsions = Array.ConvertAll(rows, row => _repulsions[row]);
        while (next.Count < Math.Min(VectorProducts.Width, rows.Length))
        {
            int best = 0;
            double largest = double.NegativeInfinity;
            for (int n = 0; n < rows.Length; n++)
            {
                repulsions[n] += _kernels.Near(rows[n], next[^1]);
                double value = attractions[n] - (repulsions[n] / (_count + next.Count));
                (best, largest) = value > largest ? (n, value) : (best, largest);
            }

            if (double.IsNegativeInfinity(largest))
            {
                break;
            }

            next.Add(rows[best]);
            attractions[best] = double.NegativeInfinity;
        }

        return [.. next];
    }

    private void AddAttractions()
    {
        VectorProducts with = new(_targets.Dimension);
        double[] normsSquared = DistanceKernels.NormsSquared(_targets);
        for (int target = 0; target < _targets.Count; target += VectorProducts.Width)
        {
            int lanes = Math.Min(VectorProducts.Width, _targets.Count - target);
            for (int lane = 0; lane < lanes; lane++)
            {
                with.Set(lane, _targets[target + lane]);
            }

            ReadOnlyMemory<double> norms = normsSquared.AsMemory(target, lanes);
            ForEachBlock(block =>
                _kernels.Multiply(
                    block,
                    with,
                    (first, count, products) => AddAttractions(first, count, products.Span, norms.Span)
                )
            );
        }

        for (int i = 0; i < _attractions.Length; i++)
        {
            _attractions[i] /= _targets.Count;
        }
    }

    private void AddAttractions(int first, int count, ReadOnlySpan<float> products, ReadOnlySpan<double> norms)
    {
        Span<float> kernels = stackalloc float[VectorProducts.BlockRows];
        kernels = kernels[..count];
        for (int lane = 0; lane < norms.Length; lane++)
        {
            for (int i = 0; i < count; i++)
            {
                kernels[i] = products[(i * VectorProducts.Width) + lane];
            }

            _kernels.ToKernels(kernels, first, norms[lane]);
            for (int i = 0; i < count; i++)
            {
                _attractions[first + i] += kernels[i];
            }
        }
    }

    private void ForEachBlock(Action<int> act) => Parallel.For(0, _vectors.Blocks.Count, _parallel, act);
}
