namespace Tsds.Transport;

/// <summary>
/// The total-variation regularizer: rows decouple; each target keeps μ_i/N wherever d_ij − d_i(1) ≤ T and sends the rest to its nearest
/// candidate. The level is T itself; the breakpoints are the gaps d_ij − d_i(1).
/// </summary>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu, Karbasi, Rekatsinas 2024, section 4</seealso>
internal sealed class TotalVariationPlanFamily : IPlanFamily
{
    private readonly NeighborReach _reach;

    private TotalVariationPlanFamily(NeighborReach reach)
    {
        _reach = reach;
    }

    public double FirstLevel => 0;

    public bool IsComplete => Limit() == double.PositiveInfinity;

    public double LastKnownLevel
    {
        get
        {
            double limit = Limit();
            double best = -1;
            foreach (TargetNeighbors row in _reach.Rows)
            {
                int count = CountWithin(row, limit, inclusive: false);
                best = count > 0 ? Math.Max(best, Gap(row, count - 1)) : best;
            }

            return best;
        }
    }

    public static async ValueTask<TotalVariationPlanFamily> CreateAsync(
        NeighborReach reach, long firstCount, CancellationToken cancellationToken)
    {
        long[] counts = new long[reach.Rows.Length];
        Array.Fill(counts, Math.Min(reach.CandidateCount, firstCount));
        await reach.KnowAsync(counts, cancellationToken).ConfigureAwait(false);
        return new TotalVariationPlanFamily(reach);
    }

    public async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        double limit = Limit();
        long[] counts = new long[_reach.Rows.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            bool isShort = !_reach.IsComplete(i) && Gap(row, row.KnownCount - 1) <= limit * 1.25;
            counts[i] = isShort ? 2L * row.KnownCount : row.KnownCount;
        }

        await _reach.KnowAsync(counts, cancellationToken).ConfigureAwait(false);
    }

    public double SnapUp(double level) => Next(level, inclusive: true) is { } next && next < Limit() ? next : LastKnownLevel;

    public double SnapDown(double level)
    {
        double best = FirstLevel;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            int count = CountWithin(row, level, inclusive: false);
            best = count > 0 ? Math.Max(best, Gap(row, count - 1)) : best;
        }

        return best;
    }

    public double TradeoffBelow(double level) => level;

    public double TradeoffAbove(double level) => Next(level, inclusive: false) ?? double.PositiveInfinity;

    public double TradeoffMagnitude(double level)
    {
        double largest = 0;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            largest = Math.Max(largest, row.Distances[0] + level);
        }

        return largest;
    }

    public bool Covers(double level, double alignment, double diversity)
    {
        double above = TradeoffAbove(level);
        return double.IsPositiveInfinity(above) || alignment * above > diversity;
    }

    public void VisitMasses(double level, MassVisitor visit)
    {
        double share = 1.0 / _reach.CandidateCount;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            double mass = _reach.TargetWeights[i];
            int kept = CountWithin(_reach.Rows[i], level, inclusive: true);

            // The nearest takes what the others do not keep: a count times the share, so that nothing cancels.
            visit(i, 0, mass * share * (_reach.CandidateCount - kept + 1));
            for (int k = 1; k < kept; k++)
            {
                visit(i, k, mass * share);
            }
        }
    }

    public DualBound Bound(double level, double alignment, double diversity, double primal)
    {
        double value = 0;
        bool isComplete = true;
        double[] waterLevels = new double[_reach.Rows.Length];
        for (int i = 0; i < waterLevels.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            double saved = 0;
            for (int k = 0; k < row.KnownCount; k++)
            {
                saved += Math.Min(alignment * Gap(row, k), diversity);
            }

            saved += (_reach.CandidateCount - row.KnownCount) * diversity;
            value += _reach.TargetWeights[i] * ((alignment * row.Distances[0]) + (saved / _reach.CandidateCount));
            isComplete &= _reach.IsComplete(i) || alignment * Gap(row, row.KnownCount - 1) >= diversity;
            waterLevels[i] = alignment > 0 ? row.Distances[0] + (diversity / alignment) : double.PositiveInfinity;
        }

        return new DualBound(value, waterLevels, isComplete);
    }

    public double EvaluateRegularizer(ReadOnlySpan<TransportEntry> entries, Func<long, double> densityOf)
    {
        // ½ Σ |γ − μ/N| = Σ max(0, μ/N − γ), for both have the same mass; a candidate without an entry gives μ/N.
        double share = 1.0 / _reach.CandidateCount;
        double sum = 0;
        long[] missing = new long[_reach.Rows.Length];
        Array.Fill(missing, _reach.CandidateCount);
        foreach (TransportEntry entry in entries)
        {
            sum += Math.Max(0, (_reach.TargetWeights[entry.Target] * share) - entry.Mass);
            missing[entry.Target]--;
        }

        for (int i = 0; i < missing.Length; i++)
        {
            sum += _reach.TargetWeights[i] * share * missing[i];
        }

        return sum;
    }

    private static double Gap(TargetNeighbors row, int rank) => row.Distances[rank] - row.Distances[0];

    /// <summary>Counts the known neighbors with a gap ≤ level (or &lt; level).</summary>
    private static int CountWithin(TargetNeighbors row, double level, bool inclusive)
    {
        int low = 0;
        int high = row.KnownCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            double gap = Gap(row, middle);
            if (inclusive ? gap <= level : gap < level)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The gap below which every neighbor of every row is known; infinite when the pool is.</summary>
    private double Limit()
    {
        double limit = double.PositiveInfinity;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            if (!_reach.IsComplete(i))
            {
                limit = Math.Min(limit, Gap(_reach.Rows[i], _reach.Rows[i].KnownCount - 1));
            }
        }

        return limit;
    }

    /// <summary>The smallest known gap at or above (or above) a level, or null.</summary>
    private double? Next(double level, bool inclusive)
    {
        double best = double.PositiveInfinity;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            int count = CountWithin(row, level, !inclusive);
            best = count < row.KnownCount ? Math.Min(best, Gap(row, count)) : best;
        }

        return double.IsPositiveInfinity(best) ? null : best;
    }
}
