namespace Tsds.Transport;

/// <summary>
/// The selection probabilities of the plan at one level, and the number of rows that a budget draws from them.
/// </summary>
/// <remarks>
/// Between levels only the neighbors change that rows fill or give up, and one extra per row; a candidate's share of
/// the mass that fills it keeps its form μ·w/s. So a step costs the pairs between the two levels, the rows, and the
/// candidates reached so far, not all pairs. The sums of μ are integers, multiples of 2⁻⁶²: adding and taking away
/// leaves no trace, and a level has the same statistics whichever levels were asked before. Against double sums of the
/// plan's entries they differ by about 2⁻⁶²/μ relative.
/// </remarks>
internal sealed class PlanStatistics
{
    private const int SharesPerChunk = 8192;
    private const double MassUnit = 1.0 / (1L << 62);

    /// <summary>
    /// The relative distance from the wanted value within which the order of summation would decide the comparison.
    /// </summary>
    private const double NearTie = 1e-11;

    private readonly NeighborReach _reach;
    private readonly IPlanFamily _family;
    private readonly long[] _masses;
    private TargetCut[] _cuts;
    private TargetCut[] _nextCuts;

    /// <summary>
    /// For each candidate index, the position in <see cref="_shares"/> plus 1, or 0 if no level has reached the
    /// candidate.
    /// </summary>
    private int[] _positions = [];
    private CandidateShare[] _shares = [];
    private int _shareCount;
    private int _filledCount;
    private double _massPerWeight;

    public PlanStatistics(NeighborReach reach, IPlanFamily family)
    {
        _reach = reach;
        _family = family;
        _masses = Array.ConvertAll(reach.TargetWeights, weight => Math.Max(1, (long)Math.Round(weight / MassUnit)));
        _cuts = new TargetCut[reach.RowCount];
        _nextCuts = new TargetCut[reach.RowCount];
    }

    /// <summary>Gets Σ γ_ij d_ij of the level evaluated last.</summary>
    public double TransportCost { get; private set; }

    /// <summary>Gets the number of candidates with positive probability at the level evaluated last.</summary>
    public int Support { get; private set; }

    /// <summary>Moves to a level. The closer it is to the previous one, the less this costs.</summary>
    public PlanStatistics Evaluate(double level)
    {
        if (_positions.Length < _reach.Candidates.Count)
        {
            Array.Resize(ref _positions, _reach.Candidates.Count);
        }

        _massPerWeight = _family.MassPerWeight(level);
        TransportCost = _reach.Loop.Sum(
            _reach.RowCount,
            i =>
            {
                TargetNeighbors row = _reach.Rows[i];
                TargetCut cut = _family.Cut(i, level);
                _nextCuts[i] = cut;

                // Total variation has no weights: there they are 1, and the weighted sums are plain ones.
                double filled = _reach.TargetWeights[i] * _massPerWeight * row.WeightedDistanceSum(cut.FilledCount);
                return filled + (cut.ExtraMass * row.Distances[cut.ExtraRank]);
            }
        );

        // One thread adds: candidates belong to many rows.
        for (int i = 0; i < _cuts.Length; i++)
        {
            if (_cuts[i].ExtraMass > 0)
            {
                ShareOf(_reach.Rows[i].CandidateIndexes[_cuts[i].ExtraRank]).ExtraMass = 0;
            }
        }

        for (int i = 0; i < _cuts.Length; i++)
        {
            Fill(_reach.Rows[i].CandidateIndexes, _cuts[i].FilledCount, _nextCuts[i].FilledCount, _masses[i]);
        }

        Support = _filledCount;
        for (int i = 0; i < _cuts.Length; i++)
        {
            if (_nextCuts[i].ExtraMass > 0)
            {
                ref CandidateShare share = ref ShareOf(_reach.Rows[i].CandidateIndexes[_nextCuts[i].ExtraRank]);
                Support += share is { FilledMass: 0, ExtraMass: 0 } ? 1 : 0;
                share.ExtraMass += _nextCuts[i].ExtraMass;
            }
        }

        (_cuts, _nextCuts) = (_nextCuts, _cuts);
        return this;
    }

    /// <summary>Returns Σ 1/ρ_j over the support: the number of its candidates, copies counted as one.</summary>
    public double SupportWeight() => Sum((probability, weight) => probability > 0 ? weight : 0);

    /// <summary>Returns Σ_j min(1, B p_j): the number of distinct rows that B rows of the plan amount to.</summary>
    public double MatchedRows(long budget) => Sum((probability, _) => Math.Min(1, budget * probability));

    /// <summary>Returns Σ_j 1 − (1 − p_j)^B: the expected number of distinct rows among B independent draws.</summary>
    public double ExpectedDistinct(long budget) => Sum((probability, _) => DrawChance.Of(probability, budget));

    /// <summary>Determines whether <see cref="MatchedRows"/> reaches a number at a level.</summary>
    public bool HasMatchedRows(double level, long budget, double rows) =>
        Reaches(level, Evaluate(level).MatchedRows(budget), rows, probability => Math.Min(1, budget * probability));

    /// <summary>Determines whether <see cref="ExpectedDistinct"/> reaches a number at a level.</summary>
    public bool HasExpectedDistinct(double level, long budget, double rows) =>
        Reaches(
            level,
            Evaluate(level).ExpectedDistinct(budget),
            rows,
            probability => DrawChance.Of(probability, budget)
        );

    /// <summary>
    /// Determines whether a sum reaches a number; near ties are decided by the probabilities of the plan at this level.
    /// </summary>
    private bool Reaches(double level, double found, double wanted, Func<double, double> term) =>
        Math.Abs(found - wanted) > NearTie * wanted
            ? found >= wanted
            : PlanProbabilities.Create(_reach, _family, level).Sum(term) >= wanted;

    /// <summary>Returns the sum of a term of p_j and w_j over the candidates that some level reached.</summary>
    private double Sum(Func<double, double, double> term) =>
        _reach.Loop.Sum(
            _shareCount,
            SharesPerChunk,
            (start, end) =>
            {
                double massPerWeight = MassUnit * _massPerWeight;
                double sum = 0;
                foreach (ref readonly CandidateShare share in _shares.AsSpan(start, end - start))
                {
                    sum += term((share.FilledMass * share.Weight * massPerWeight) + share.ExtraMass, share.Weight);
                }

                return sum;
            }
        );

    /// <summary>Changes the number of filled neighbors of a row.</summary>
    private void Fill(ReadOnlySpan<int> candidateIndexes, int before, int after, long mass)
    {
        // Counted here and not in the field, so that the loops wait for nothing but the shares.
        int filled = 0;
        for (int k = before; k < after; k++)
        {
            ref CandidateShare share = ref ShareOf(candidateIndexes[k]);
            filled += share.FilledMass == 0 ? 1 : 0;
            share.FilledMass += mass;
        }

        for (int k = after; k < before; k++)
        {
            ref CandidateShare share = ref ShareOf(candidateIndexes[k]);
            share.FilledMass -= mass;
            filled -= share.FilledMass == 0 ? 1 : 0;
        }

        _filledCount += filled;
    }

    private ref CandidateShare ShareOf(int candidateIndex)
    {
        int position = _positions[candidateIndex];
        if (position == 0)
        {
            position = AddShare(candidateIndex);
        }

        return ref _shares[position - 1];
    }

    private int AddShare(int candidateIndex)
    {
        if (_shareCount == _shares.Length)
        {
            Array.Resize(ref _shares, Math.Max(64, 2 * _shareCount));
        }

        _shares[_shareCount].Weight = _reach.Candidates.Weights[candidateIndex];
        return _positions[candidateIndex] = ++_shareCount;
    }
}
