namespace Tsds.Transport;

/// <summary>The selection probabilities of the plan at one level, and what a budget of rows can make of them.</summary>
internal sealed class PlanStatistics
{
    private readonly NeighborReach _reach;
    private readonly IPlanFamily _family;
    private double[] _probabilities = [];

    public PlanStatistics(NeighborReach reach, IPlanFamily family)
    {
        _reach = reach;
        _family = family;
    }

    /// <summary>Gets Σ γ_ij d_ij of the level evaluated last.</summary>
    public double TransportCost { get; private set; }

    /// <summary>Gets the number of candidates with positive probability at the level evaluated last.</summary>
    public int Support { get; private set; }

    /// <summary>Gets Σ 1/ρ_j over the support of the level evaluated last: its candidates, copies counted as one.</summary>
    public double SupportWeight { get; private set; }

    /// <summary>Computes the probabilities of a level; sums run in the order of targets and ranks, so they are the same every time.</summary>
    public PlanStatistics Evaluate(double level)
    {
        if (_probabilities.Length < _reach.Candidates.Count)
        {
            _probabilities = new double[_reach.Candidates.Count];
        }

        Array.Clear(_probabilities);
        double cost = 0;
        int support = 0;
        double supportWeight = 0;
        _family.VisitMasses(level, (target, rank, mass) =>
        {
            TargetNeighbors row = _reach.Rows[target];
            ref double probability = ref _probabilities[row.CandidateIndexes[rank]];
            if (probability == 0)
            {
                support++;
                supportWeight += _reach.Candidates.Weights[row.CandidateIndexes[rank]];
            }

            probability += mass;
            cost += mass * row.Distances[rank];
        });
        TransportCost = cost;
        Support = support;
        SupportWeight = supportWeight;
        return this;
    }

    /// <summary>Σ_j min(1, B p_j): the different rows that B rows of the plan amount to.</summary>
    public double MatchedRows(long budget)
    {
        double sum = 0;
        foreach (double probability in _probabilities)
        {
            sum += Math.Min(1, budget * probability);
        }

        return sum;
    }

    /// <summary>Σ_j 1 − (1 − p_j)^B: the different rows among B independent draws.</summary>
    public double ExpectedDistinct(long budget)
    {
        double sum = 0;
        foreach (double probability in _probabilities)
        {
            sum += ChanceOfDraw(probability, budget);
        }

        return sum;
    }

    /// <summary>1 − (1 − p)^B without the cancellation that small p would cause.</summary>
    private static double ChanceOfDraw(double probability, long budget)
    {
        if (probability >= 1)
        {
            return 1;
        }

        double logarithm = probability < 1e-4
            ? -probability * (1 + (probability * (0.5 + (probability * (1.0 / 3 + (probability / 4))))))
            : Math.Log(1 - probability);
        double exponent = budget * logarithm;
        return exponent > -1e-4
            ? -exponent * (1 + (exponent * (0.5 + (exponent * (1.0 / 6 + (exponent / 24))))))
            : 1 - Math.Exp(exponent);
    }
}
