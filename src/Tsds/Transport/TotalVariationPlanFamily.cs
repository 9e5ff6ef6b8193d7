namespace Tsds.Transport;

/// <summary>
/// The plans of the total-variation regularizer: rows decouple, and each target keeps μ_i/N wherever d_ij − d_i(1) ≤ T
/// and sends the rest to its nearest candidate. The level is T itself; the breakpoints are the gaps d_ij − d_i(1).
/// </summary>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu, Karbasi, Rekatsinas 2024, section 4</seealso>
internal sealed class TotalVariationPlanFamily : IPlanFamily
{
    private readonly NeighborReach _reach;

    /// <summary>The gap below which every neighbor of every row is known; infinite if the pool is known.</summary>
    private double _limit;

    private TotalVariationPlanFamily(NeighborReach reach)
    {
        _reach = reach;
        UpdateKnownRange();
    }

    public double FirstLevel => 0;

    public bool IsComplete => double.IsPositiveInfinity(_limit);

    public double LastKnownLevel { get; private set; }

    public static async ValueTask<TotalVariationPlanFamily> CreateAsync(
        NeighborReach reach,
        long firstCount,
        CancellationToken cancellationToken
    )
    {
        long[] counts = new long[reach.Rows.Length];
        Array.Fill(counts, Math.Min(reach.CandidateCount, firstCount));
        await reach.EnsureWeightsAsync(counts, cancellationToken).ConfigureAwait(false);
        return new TotalVariationPlanFamily(reach);
    }

    public async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        long[] counts = new long[_reach.Rows.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            bool isShort = !_reach.IsComplete(i) && Gap(row, row.KnownCount - 1) <= _limit * 1.25;
            counts[i] = isShort ? 2L * row.KnownCount : row.KnownCount;
        }

        await _reach.EnsureWeightsAsync(counts, cancellationToken).ConfigureAwait(false);
        UpdateKnownRange();
    }

    public double SnapUp(double level) =>
        Next(level, inclusive: true) is { } next && next < _limit ? next : LastKnownLevel;

    public double SnapDown(double level) => Math.Max(FirstLevel, LargestGapBelow(level));

    public double TradeoffBelow(double level) => level;

    public double TradeoffAbove(double level) => Next(level, inclusive: false) ?? double.PositiveInfinity;

    public double TradeoffMagnitude(double level) =>
        _reach.Loop.Evaluate(_reach.RowCount, i => _reach.Rows[i].Distances[0] + level).Max();

    public bool Covers(double level, double alignment, double diversity)
    {
        double above = TradeoffAbove(level);
        return double.IsPositiveInfinity(above) || alignment * above > diversity;
    }

    public double MassPerWeight(double level) => 1.0 / _reach.CandidateCount;

    public TargetCut Cut(int target, double level)
    {
        int kept = CountWithin(_reach.Rows[target], level, inclusive: true);
        return new TargetCut(
            kept,
            0,
            _reach.TargetWeights[target] / _reach.CandidateCount * (_reach.CandidateCount - kept)
        );
    }

    public void WriteMasses(int target, double level, Span<double> masses)
    {
        double share = 1.0 / _reach.CandidateCount;
        double mass = _reach.TargetWeights[target];
        int kept = CountWithin(_reach.Rows[target], level, inclusive: true);
        masses.Fill(mass * share);

        // The nearest takes what the others do not keep: a count times the share, so that nothing cancels.
        masses[0] = mass * share * (_reach.CandidateCount - kept + 1);
    }

    public DualBound Bound(double level, double alignment, double diversity, double primal)
    {
        int count = _reach.RowCount;
        double[] waterLevels = new double[count];
        bool[] isComplete = new bool[count];
        double value = _reach.Loop.Sum(
            count,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                double saved = 0;
                for (int k = 0; k < row.KnownCount; k++)
                {
                    saved += Math.Min(alignment * Gap(row, k), diversity);
                }

                saved += (_reach.CandidateCount - row.KnownCount) * diversity;
                isComplete[i] = _reach.IsComplete(i) || alignment * Gap(row, row.KnownCount - 1) >= diversity;
                waterLevels[i] = alignment > 0 ? row.Distances[0] + (diversity / alignment) : double.PositiveInfinity;
                return _reach.TargetWeights[i] * ((alignment * row.Distances[0]) + (saved / _reach.CandidateCount));
            }
        );
        return new DualBound(value, waterLevels, Array.TrueForAll(isComplete, isTrue => isTrue));
    }

    public double EvaluateRegularizer(TransportPlan plan)
    {
        // ½ Σ |γ − μ/N| = Σ max(0, μ/N − γ), for both have the same mass; a candidate without an entry gives μ/N.
        double share = 1.0 / _reach.CandidateCount;
        double sum = 0;
        foreach (TransportEntry entry in plan.Entries.Span)
        {
            sum += Math.Max(0, (_reach.TargetWeights[entry.Target] * share) - entry.Mass);
        }

        for (int i = 0; i < _reach.RowCount; i++)
        {
            sum += _reach.TargetWeights[i] * share * (_reach.CandidateCount - plan.EntriesOf(i).Length);
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

    /// <summary>Updates the known range after the rows have grown; it does not change between growths.</summary>
    private void UpdateKnownRange()
    {
        _limit = double.PositiveInfinity;
        for (int i = 0; i < _reach.RowCount; i++)
        {
            if (!_reach.IsComplete(i))
            {
                _limit = Math.Min(_limit, Gap(_reach.Rows[i], _reach.Rows[i].KnownCount - 1));
            }
        }

        LastKnownLevel = LargestGapBelow(_limit);
    }

    /// <summary>Returns the largest known gap below a level, or −1.</summary>
    private double LargestGapBelow(double level)
    {
        double[] largest = _reach.Loop.Evaluate(
            _reach.RowCount,
            i =>
            {
                int count = CountWithin(_reach.Rows[i], level, inclusive: false);
                return count > 0 ? Gap(_reach.Rows[i], count - 1) : -1;
            }
        );
        return largest.Max();
    }

    /// <summary>Returns the smallest known gap at or above (or above) a level, or null.</summary>
    private double? Next(double level, bool inclusive)
    {
        double[] next = _reach.Loop.Evaluate(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                int count = CountWithin(row, level, !inclusive);
                return count < row.KnownCount ? Gap(row, count) : double.PositiveInfinity;
            }
        );
        double best = next.Min();
        return double.IsPositiveInfinity(best) ? null : best;
    }
}
