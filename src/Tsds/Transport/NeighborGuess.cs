namespace Tsds.Transport;

/// <summary>
/// Predicts from ranks alone, before any density is known, how many neighbors of each target the plan will fill. A good
/// prediction saves passes over the pool; the plan does not depend on it.
/// </summary>
internal sealed class NeighborGuess
{
    /// <summary>The ratio of successive levels that are tried.</summary>
    private const double Step = 1.15;

    /// <summary>
    /// The number of neighbors that may be fetched on a prediction; beyond it, the solver's own growth decides.
    /// </summary>
    private const long LargestTable = 1 << 21;

    /// <summary>
    /// The factor by which a prediction is raised, because copies fill less than their share and more neighbors are
    /// needed.
    /// </summary>
    private const double Margin = 1.1;

    private readonly NeighborReach _reach;
    private double[] _masses = [];
    private int _filled;
    private double _weightedDistances;

    private NeighborGuess(NeighborReach reach)
    {
        _reach = reach;
    }

    /// <summary>Predicts the neighbors of a plan from which a budget can be drawn: Σ_j min(1, B p_j) ≥ rows.</summary>
    public static ValueTask<double> ForBudgetAsync(
        NeighborReach reach,
        long budget,
        double rows,
        CancellationToken cancellationToken
    )
    {
        NeighborGuess guess = new(reach);
        return guess.FindAsync(guess.MatchedRows, budget, rows, cancellationToken);
    }

    /// <summary>Predicts the neighbors of a trade-off T: Σ_i μ_i Σ_{l≤k} (d_i(k + 1) − d_i(l)) ≥ T.</summary>
    public static ValueTask<double> ForTradeoffAsync(
        NeighborReach reach,
        double tradeoff,
        CancellationToken cancellationToken
    )
    {
        NeighborGuess guess = new(reach);
        return guess.FindAsync(guess.Slope, 0, tradeoff, cancellationToken);
    }

    private async ValueTask<double> FindAsync(
        Func<int, long, double> measure,
        long budget,
        double wanted,
        CancellationToken cancellationToken
    )
    {
        int before = 0;
        double measuredBefore = 0;
        int k = 1;
        while (true)
        {
            int fetched = Fetched();
            for (; k < fetched; k = Math.Max(k + 1, (int)(k * Step)))
            {
                Fill(k);
                double measured = measure(k, budget);
                if (measured >= wanted)
                {
                    return Margin * k;
                }

                if (k >= fetched / 2 && before < fetched / 3)
                {
                    (before, measuredBefore) = (k, measured);
                }
            }

            long more = Extrapolate(fetched, before, measuredBefore, measure(_filled, budget), wanted);
            if (fetched >= _reach.CandidateCount || more * _reach.Rows.Length > LargestTable)
            {
                return fetched;
            }

            long[] counts = new long[_reach.Rows.Length];
            Array.Fill(counts, more);
            await _reach.FetchAsync(counts, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Extrapolates how many neighbors are likely to be enough, by a power law through the last two measurements, at
    /// most 16 times as many.
    /// </summary>
    private long Extrapolate(int fetched, int before, double measuredBefore, double measured, double wanted)
    {
        double exponent = Math.Log(measured / measuredBefore) / Math.Log((double)_filled / before);
        double likely =
            exponent > 0.1 ? _filled * Math.Pow(wanted / measured, 1 / exponent) * 1.3 : double.PositiveInfinity;
        double fits = Math.Max(2.0 * fetched, LargestTable / (double)_reach.Rows.Length);
        return (long)Math.Clamp(likely, 2.0 * fetched, Math.Min(16.0 * fetched, fits));
    }

    private int Fetched()
    {
        int fetched = int.MaxValue;
        foreach (TargetNeighbors row in _reach.Rows)
        {
            fetched = Math.Min(fetched, row.FetchedCount);
        }

        return fetched;
    }

    private void Fill(int k)
    {
        if (_masses.Length < _reach.Candidates.Count)
        {
            Array.Resize(ref _masses, _reach.Candidates.Count);
        }

        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            TargetNeighbors row = _reach.Rows[i];
            for (int rank = _filled; rank < k; rank++)
            {
                _masses[row.CandidateIndexes[rank]] += _reach.TargetWeights[i];
                _weightedDistances += _reach.TargetWeights[i] * row.Distances[rank];
            }
        }

        _filled = k;
    }

    private double MatchedRows(int k, long budget)
    {
        double sum = 0;
        foreach (double mass in _masses)
        {
            sum += Math.Min(1, budget * mass / k);
        }

        return sum;
    }

    private double Slope(int k, long budget)
    {
        double last = 0;
        for (int i = 0; i < _reach.Rows.Length; i++)
        {
            last += _reach.TargetWeights[i] * _reach.Rows[i].Distances[k];
        }

        return (k * last) - _weightedDistances;
    }
}
