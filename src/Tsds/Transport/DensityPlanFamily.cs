namespace Tsds.Transport;

/// <summary>
/// The plans of KNN-KDE, and of KNN-Uniform if every weight is 1: each target fills its nearest candidates up to the
/// cap w_j μ_i / s. The level is s, the effective neighbors; the breakpoints are the prefix weights P_i(k).
/// </summary>
/// <remarks>
/// Φ(s) = Σ_i μ_i [P_i(k_i) d_i(k_i + 1) − W_i(k_i)] with k_i = max{k : P_i(k) ≤ s} is the smallest trade-off beyond
/// which a level above s is better; the optimum for T is the smallest breakpoint with Φ(s+) ≥ T (docs/method.md).
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu, Karbasi, Rekatsinas 2024, section 4</seealso>
internal sealed class DensityPlanFamily : IPlanFamily
{
    /// <summary>
    /// The factor by which a growth goes beyond what is known, so that each pass over the pool is worth its cost and
    /// few densities are wasted.
    /// </summary>
    private const double Growth = 1.3;

    private readonly NeighborReach _reach;

    /// <summary>
    /// The level below which every row knows the neighbor after its last filled one; infinite if the pool is known.
    /// </summary>
    private double _knownLimit;

    private DensityPlanFamily(NeighborReach reach)
    {
        _reach = reach;
        UpdateKnownRange();
    }

    public double FirstLevel { get; private set; }

    public bool IsComplete => double.IsPositiveInfinity(_knownLimit);

    public double LastKnownLevel { get; private set; }

    public static async ValueTask<DensityPlanFamily> CreateAsync(
        NeighborReach reach,
        double firstGuess,
        CancellationToken cancellationToken
    )
    {
        // Weights are at most 1, so a level of s needs at least s neighbors; two breakpoints make the first level
        // known.
        long[] counts = new long[reach.Rows.Length];
        Array.Fill(counts, Math.Min(reach.CandidateCount, (long)Math.Ceiling(firstGuess) + 4));
        await reach.EnsureWeightsAsync(counts, cancellationToken).ConfigureAwait(false);
        return new DensityPlanFamily(reach);
    }

    public ValueTask GrowAsync(CancellationToken cancellationToken) =>
        ReachAsync(_knownLimit * Growth, cancellationToken);

    /// <summary>Extends every row until its known weight passes a level, or the row holds the whole pool.</summary>
    public async ValueTask ReachAsync(double level, CancellationToken cancellationToken)
    {
        long[] counts = new long[_reach.Rows.Length];
        while (!IsComplete && _knownLimit <= level)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] = CountToReach(_reach.Rows[i], level);
            }

            await _reach.EnsureWeightsAsync(counts, cancellationToken).ConfigureAwait(false);
            UpdateKnownRange();
        }
    }

    public double SnapUp(double level)
    {
        double[] next = _reach.Loop.Evaluate(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                int count = row.CountFilled(level, inclusive: false) + 1;
                return count <= BreakpointCount(row) ? row.WeightSum(count) : double.PositiveInfinity;
            }
        );
        return Math.Min(LastKnownLevel, next.Min());
    }

    public double SnapDown(double level)
    {
        double below = LargestBreakpointBelow(level);
        return below > 0 ? below : FirstLevel;
    }

    public double TradeoffBelow(double level) => Slope(level, inclusive: false);

    public double TradeoffAbove(double level) =>
        IsComplete && level >= LastKnownLevel ? double.PositiveInfinity : Slope(level, inclusive: true);

    public double TradeoffMagnitude(double level)
    {
        return _reach.Loop.Sum(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                int filled = Math.Min(row.CountFilled(level, inclusive: true), row.KnownCount - 1);
                return _reach.TargetWeights[i] * row.WeightSum(filled) * row.Distances[filled];
            }
        );
    }

    public bool Covers(double level, double alignment, double diversity)
    {
        double above = TradeoffAbove(level);
        return double.IsPositiveInfinity(above) || alignment * above >= diversity;
    }

    public double MassPerWeight(double level) => 1 / level;

    public TargetCut Cut(int target, double level)
    {
        TargetNeighbors row = _reach.Rows[target];
        int filled = row.CountFilled(level, inclusive: true);
        double remainder = 1 - (row.WeightSum(filled) / level);

        // What rounding leaves of a row that is full is not a neighbor.
        return filled < row.KnownCount && remainder > 1e-14
            ? new TargetCut(filled, filled, _reach.TargetWeights[target] * remainder)
            : new TargetCut(filled, 0, 0);
    }

    public void WriteMasses(int target, double level, Span<double> masses)
    {
        TargetCut cut = Cut(target, level);
        double mass = _reach.TargetWeights[target];
        ReadOnlySpan<double> weights = _reach.Candidates.Weights;
        ReadOnlySpan<int> indexes = _reach.Rows[target].CandidateIndexes;
        for (int k = 0; k < cut.FilledCount; k++)
        {
            masses[k] = mass * weights[indexes[k]] / level;
        }

        if (cut.ExtraMass > 0)
        {
            masses[cut.ExtraRank] = cut.ExtraMass;
        }
    }

    public DualBound Bound(double level, double alignment, double diversity, double primal)
    {
        bool isLast = IsComplete && level >= LastKnownLevel;
        double below = alignment * TradeoffBelow(level);
        double above = isLast ? below : alignment * TradeoffAbove(level);

        // Between the levels left and right of s the constraint is linear: this share makes it tight.
        double share = above > below ? Math.Clamp((diversity - below) / (above - below), 0, 1) : 0;

        // Beyond the last breakpoint every level rises together, and the whole weight of the pool pays for it.
        double rise = isLast ? Math.Max(0, diversity - below) / level : 0;
        int count = _reach.RowCount;
        double[] scaledLevels = new double[count];
        double[] constraints = new double[count];
        double[] waterLevels = new double[count];
        bool[] isComplete = new bool[count];
        _reach.Loop.Run(
            count,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                double left = row.Distances[Math.Min(row.CountFilled(level, inclusive: false), row.KnownCount - 1)];
                double right = row.Distances[Math.Min(row.CountFilled(level, inclusive: true), row.KnownCount - 1)];
                double scaledLevel = (alignment * (left + (share * (right - left)))) + rise;
                scaledLevels[i] = _reach.TargetWeights[i] * scaledLevel;
                constraints[i] = _reach.TargetWeights[i] * WeightAbove(row, scaledLevel, alignment);
                isComplete[i] = _reach.IsComplete(i) || scaledLevel <= alignment * row.Distances[row.KnownCount - 1];
                waterLevels[i] = alignment > 0 ? scaledLevel / alignment : double.PositiveInfinity;
            }
        );
        double value = TargetLoop.Sum(scaledLevels);

        // A point that rounding pushed out of the constraint still bounds: by the excess times the largest max ρ_j γ_ij
        // / μ_i that a plan no worse than this one can have.
        double excess = Math.Max(0, TargetLoop.Sum(constraints) - diversity);
        return new DualBound(
            excess > 0 ? value - (excess * primal / diversity) : value,
            waterLevels,
            Array.TrueForAll(isComplete, isTrue => isTrue)
        );
    }

    public double EvaluateRegularizer(TransportPlan plan)
    {
        double[] largest = _reach.Loop.Evaluate(
            _reach.RowCount,
            i =>
            {
                // Entry r of a target goes to its neighbor of rank r.
                ReadOnlySpan<TransportEntry> entries = plan.EntriesOf(i).Span;
                ReadOnlySpan<int> indexes = _reach.Rows[i].CandidateIndexes;
                ReadOnlySpan<double> densities = _reach.Candidates.Densities;
                double largestOfRow = 0;
                for (int r = 0; r < entries.Length; r++)
                {
                    largestOfRow = Math.Max(
                        largestOfRow,
                        densities[indexes[r]] * entries[r].Mass / _reach.TargetWeights[i]
                    );
                }

                return largestOfRow;
            }
        );
        return largest.Max();
    }

    /// <summary>Returns Σ_j w_j max(0, v − a·d_j) over the known neighbors of a row.</summary>
    private double WeightAbove(TargetNeighbors row, double scaledLevel, double alignment)
    {
        ReadOnlySpan<double> weights = _reach.Candidates.Weights;
        ReadOnlySpan<double> distances = row.Distances.AsSpan(0, row.KnownCount);
        ReadOnlySpan<int> indexes = row.CandidateIndexes;
        double sum = 0;
        for (int k = 0; k < distances.Length && alignment * distances[k] < scaledLevel; k++)
        {
            sum += weights[indexes[k]] * (scaledLevel - (alignment * distances[k]));
        }

        return sum;
    }

    /// <summary>Returns Φ to the right (inclusive) or to the left of a level.</summary>
    private double Slope(double level, bool inclusive)
    {
        return _reach.Loop.Sum(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                int filled = Math.Min(row.CountFilled(level, inclusive), row.KnownCount - 1);
                double slope = (row.WeightSum(filled) * row.Distances[filled]) - row.WeightedDistanceSum(filled);

                // Among equal distances rounding may leave less than nothing.
                return _reach.TargetWeights[i] * Math.Max(0, slope);
            }
        );
    }

    /// <summary>Updates the known range after the rows have grown; it does not change between growths.</summary>
    private void UpdateKnownRange()
    {
        _knownLimit = double.PositiveInfinity;
        for (int i = 0; i < _reach.RowCount; i++)
        {
            if (!_reach.IsComplete(i))
            {
                _knownLimit = Math.Min(_knownLimit, _reach.Rows[i].KnownWeight);
            }
        }

        LastKnownLevel = IsComplete ? _reach.Rows[0].KnownWeight : LargestBreakpointBelow(_knownLimit);
        FirstLevel = SnapUp(0);
    }

    private double LargestBreakpointBelow(double level)
    {
        double[] largest = _reach.Loop.Evaluate(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                return row.WeightSum(Math.Min(row.CountFilled(level, inclusive: false), BreakpointCount(row)));
            }
        );
        return largest.Max();
    }

    /// <summary>
    /// Returns the number of breakpoints of a row. The weight of the whole pool is the end of the family and not a
    /// breakpoint of a row, because rows round it differently.
    /// </summary>
    private int BreakpointCount(TargetNeighbors row) =>
        row.KnownCount == _reach.CandidateCount ? row.KnownCount - 1 : row.KnownCount;

    private long CountToReach(TargetNeighbors row, double level)
    {
        if (row.KnownWeight > level || row.KnownCount == _reach.CandidateCount)
        {
            return row.KnownCount;
        }

        // The weights to come are likely to be those of the last neighbors; copies make them small and rows long.
        int recent = Math.Min(16, row.KnownCount);
        double weight = recent > 0 ? (row.KnownWeight - row.WeightSum(row.KnownCount - recent)) / recent : 1;
        double more = Math.Min((level - row.KnownWeight) / weight * 1.05, Math.Max(32, 2.0 * row.KnownCount));
        return row.KnownCount + (long)Math.Ceiling(more) + 2;
    }
}
