namespace Tsds.Transport;

/// <summary>
/// The selection probabilities of the plan at one level, and the number of rows that a budget draws from them.
/// </summary>
/// <remarks>
/// Between levels only the neighbors change that rows fill or give up, and one extra per row; a candidate's share of
/// the mass that fills it keeps its form μ·w/s. So a step costs the pairs between the two levels, or those below the
/// new one where they are fewer, the rows, and the candidates reached so far, not all pairs. The sums of μ are
/// integers, multiples of 2⁻⁶²: adding and taking away leaves no trace, and a level has the same statistics whichever
/// levels were asked before. Against double sums of the plan's entries they differ by about 2⁻⁶²/μ relative.
/// </remarks>
internal sealed class PlanStatistics
{
    private const int CandidatesPerChunk = 8192;
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

    /// <summary>Σ μ_i over the rows that fill a candidate, in multiples of 2⁻⁶², by candidate index.</summary>
    /// <remarks>Apart from all else of a candidate, so that what 10⁸ pairs are added to stays in the cache.</remarks>
    private long[] _filledMasses = [];

    /// <summary>The mass that rows send a candidate by their cuts, on top of what fills it.</summary>
    private double[] _extraMasses = [];
    private bool[] _isReached = [];

    /// <summary>The candidates that some level reached, in the order in which that happened.</summary>
    private int[] _reached = [];
    private int _reachedCount;
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
        int count = _reach.Candidates.Count;
        if (_filledMasses.Length < count)
        {
            Array.Resize(ref _filledMasses, count);
            Array.Resize(ref _extraMasses, count);
            Array.Resize(ref _isReached, count);
            Array.Resize(ref _reached, count);
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
                _extraMasses[_reach.Rows[i].CandidateIndexes[_cuts[i].ExtraRank]] = 0;
            }
        }

        bool isAnew = ForgetIfFewer();
        for (int i = 0; i < _cuts.Length; i++)
        {
            int before = isAnew ? 0 : _cuts[i].FilledCount;
            Fill(_reach.Rows[i].CandidateIndexes, before, _nextCuts[i].FilledCount, _masses[i]);
        }

        Support = _filledCount;
        for (int i = 0; i < _cuts.Length; i++)
        {
            if (_nextCuts[i].ExtraMass > 0)
            {
                int index = _reach.Rows[i].CandidateIndexes[_nextCuts[i].ExtraRank];
                Support += _filledMasses[index] == 0 && _extraMasses[index] == 0 ? 1 : 0;
                _extraMasses[index] += _nextCuts[i].ExtraMass;
                Reach(index);
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

    /// <summary>
    /// Forgets what fills the candidates, where the new level has fewer pairs than lie between it and the one before.
    /// </summary>
    /// <returns>True if all that the new level fills is to be added.</returns>
    private bool ForgetIfFewer()
    {
        long between = 0;
        long below = 0;
        for (int i = 0; i < _cuts.Length; i++)
        {
            between += Math.Abs(_nextCuts[i].FilledCount - _cuts[i].FilledCount);
            below += _nextCuts[i].FilledCount;
        }

        if (below + (_filledMasses.Length / 8) >= between)
        {
            return false;
        }

        Array.Clear(_filledMasses);
        _filledCount = 0;
        return true;
    }

    /// <summary>Returns the sum of a term of p_j and w_j over the candidates that some level reached.</summary>
    private double Sum(Func<double, double, double> term) =>
        _reach.Loop.Sum(
            _reachedCount,
            CandidatesPerChunk,
            (start, end) =>
            {
                ReadOnlySpan<double> weights = _reach.Candidates.Weights;
                double massPerWeight = MassUnit * _massPerWeight;
                double sum = 0;
                foreach (int index in _reached.AsSpan(start, end - start))
                {
                    double weight = weights[index];
                    sum += term((_filledMasses[index] * weight * massPerWeight) + _extraMasses[index], weight);
                }

                return sum;
            }
        );

    /// <summary>Changes the number of filled neighbors of a row.</summary>
    private void Fill(ReadOnlySpan<int> candidateIndexes, int before, int after, long mass)
    {
        Span<long> masses = _filledMasses;
        for (int k = before; k < after; k++)
        {
            int index = candidateIndexes[k];
            ref long filled = ref masses[index];
            if (filled == 0)
            {
                _filledCount++;
                Reach(index);
            }

            filled += mass;
        }

        // Counted here and not in the field, so that the loop waits for nothing but the masses.
        int emptied = 0;
        for (int k = after; k < before; k++)
        {
            ref long filled = ref masses[candidateIndexes[k]];
            filled -= mass;
            emptied += filled == 0 ? 1 : 0;
        }

        _filledCount -= emptied;
    }

    /// <summary>Puts a candidate behind those reached before, once.</summary>
    private void Reach(int index)
    {
        if (!_isReached[index])
        {
            _isReached[index] = true;
            _reached[_reachedCount++] = index;
        }
    }
}
