namespace Tsds.Transport;

/// <summary>
/// KNN-KDE, and KNN-Uniform where every weight is 1: each target fills its nearest candidates up to the cap w_j μ_i / s. The
/// level is s, the effective neighbors; the breakpoints are the prefix weights P_i(k).
/// </summary>
/// <remarks>
/// Φ(s) = Σ_i μ_i [P_i(k_i) d_i(k_i + 1) − W_i(k_i)] with k_i = max{k : P_i(k) ≤ s} is the smallest trade-off beyond which
/// a level above s is better; the optimum for T is the smallest breakpoint with Φ(s+) ≥ T (docs/method.md).
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu, Karbasi, Rekatsinas 2024, section 4</seealso>
internal sealed class DensityPlanFamily : IPlanFamily
{
    /// <summary>How far a growth reaches beyond what is known: each pass over the pool pays for itself, few densities are wasted.</summary>
    private const double Growth = 1.3;

    private readonly NeighborReach _reach;

    private DensityPlanFamily(NeighborReach reach)
    {
        _reach = reach;
    }

    public double FirstLevel => SnapUp(0);

    public bool IsComplete
    {
        get
        {
            for (int i = 0; i < _reach.Rows.Length; i++)
            {
                if (!_reach.IsComplete(i))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public double LastKnownLevel => IsComplete ? _reach.Rows[0].KnownWeight : LargestBreakpointBelow(KnownLimit());

    public static async ValueTask<DensityPlanFamily> CreateAsync(
        NeighborReach reach, double firstGuess, CancellationToken cancellationToken)
    {
        // Weights are at most 1, so a level of s needs at least s neighbors; two breakpoints make the first level known.
        long[] counts = new long[reach.Rows.Length];
        Array.Fill(counts, Math.Min(reach.CandidateCount, (long)Math.Ceiling(firstGuess) + 4));
        await reach.KnowAsync(counts, cancellationToken).ConfigureAwait(false);
        return new DensityPlanFamily(reach);
    }

    public ValueTask GrowAsync(CancellationToken cancellationToken) => ReachAsync(KnownLimit() * Growth, cancellationToken);

    /// <summary>Extends every row until its known weight passes a level, or the row holds the whole pool.</summary>
    public async ValueTask ReachAsync(double level, CancellationToken cancellationToken)
    {
        long[] counts = new long[_reach.Rows.Length];
        while (!IsComplete && KnownLimit() <= level)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] = CountToReach(_reach.Rows[i], level);
            }

            await _reach.KnowAsync(counts, cancellationToken).ConfigureAwait(false);
        }
    }

    public double SnapUp(double level)
    {
        double last = LastKnownLevel;
        double best = last;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            int next = row.CountFilled(level, inclusive: false) + 1;
            if (next <= BreakpointCount(row))
            {
                best = Math.Min(best, row.WeightSum(next));
            }
        }

        return best;
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
        double sum = 0;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            int filled = Math.Min(row.CountFilled(level, inclusive: true), row.KnownCount - 1);
            sum += _reach.TargetWeights[i] * row.WeightSum(filled) * row.Distances[filled];
        }

        return sum;
    }

    public bool Covers(double level, double alignment, double diversity)
    {
        double above = TradeoffAbove(level);
        return double.IsPositiveInfinity(above) || alignment * above >= diversity;
    }

    public void VisitMasses(double level, MassVisitor visit)
    {
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            double mass = _reach.TargetWeights[i];
            int filled = row.CountFilled(level, inclusive: true);
            for (int k = 0; k < filled; k++)
            {
                visit(i, k, mass * _reach.Candidates.Weights[row.CandidateIndexes[k]] / level);
            }

            double remainder = 1 - (row.WeightSum(filled) / level);

            // What rounding leaves of a row that is full is not a neighbor.
            if (filled < row.KnownCount && remainder > 1e-14)
            {
                visit(i, filled, mass * remainder);
            }
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
        double value = 0;
        double constraint = 0;
        bool isComplete = true;
        double[] waterLevels = new double[_reach.Rows.Length];
        for (int i = 0; i < waterLevels.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            double left = row.Distances[Math.Min(row.CountFilled(level, inclusive: false), row.KnownCount - 1)];
            double right = row.Distances[Math.Min(row.CountFilled(level, inclusive: true), row.KnownCount - 1)];
            double scaledLevel = (alignment * (left + (share * (right - left)))) + rise;
            double weight = _reach.TargetWeights[i];
            value += weight * scaledLevel;
            constraint += weight * WeightAbove(row, scaledLevel, alignment);
            isComplete &= _reach.IsComplete(i) || scaledLevel <= alignment * row.Distances[row.KnownCount - 1];
            waterLevels[i] = alignment > 0 ? scaledLevel / alignment : double.PositiveInfinity;
        }

        // A point that rounding pushed out of the constraint still bounds: by the excess times the largest max ρ_j γ_ij / μ_i
        // that a plan no worse than this one can have.
        double excess = Math.Max(0, constraint - diversity);
        return new DualBound(excess > 0 ? value - (excess * primal / diversity) : value, waterLevels, isComplete);
    }

    public double EvaluateRegularizer(ReadOnlySpan<TransportEntry> entries, Func<long, double> densityOf)
    {
        double largest = 0;
        foreach (TransportEntry entry in entries)
        {
            largest = Math.Max(largest, densityOf(entry.CandidateId) * entry.Mass / _reach.TargetWeights[entry.Target]);
        }

        return largest;
    }

    /// <summary>Σ_j w_j max(0, v − a·d_j) over the known neighbors of a row.</summary>
    private double WeightAbove(TargetNeighbors row, double scaledLevel, double alignment)
    {
        double sum = 0;
        for (int k = 0; k < row.KnownCount && alignment * row.Distances[k] < scaledLevel; k++)
        {
            sum += _reach.Candidates.Weights[row.CandidateIndexes[k]] * (scaledLevel - (alignment * row.Distances[k]));
        }

        return sum;
    }

    /// <summary>Φ right (inclusive) or left of a level.</summary>
    private double Slope(double level, bool inclusive)
    {
        double sum = 0;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            int filled = Math.Min(row.CountFilled(level, inclusive), row.KnownCount - 1);
            double slope = (row.WeightSum(filled) * row.Distances[filled]) - row.WeightedDistanceSum(filled);

            // Among equal distances rounding may leave less than nothing.
            sum += _reach.TargetWeights[i] * Math.Max(0, slope);
        }

        return sum;
    }

    /// <summary>The level below which every row knows the neighbor after its last filled one.</summary>
    private double KnownLimit()
    {
        double limit = double.PositiveInfinity;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            if (!_reach.IsComplete(i))
            {
                limit = Math.Min(limit, _reach.Rows[i].KnownWeight);
            }
        }

        return limit;
    }

    private double LargestBreakpointBelow(double level)
    {
        double best = 0;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            int count = Math.Min(row.CountFilled(level, inclusive: false), BreakpointCount(row));
            best = Math.Max(best, row.WeightSum(count));
        }

        return best;
    }

    /// <summary>The weight of the whole pool is the end of the family, not a breakpoint of a row: rows round it differently.</summary>
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
