namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The dual of entropic transport between equally weighted points: maximizes Σ a f + Σ b g; at the maximum exp((f + g −
/// C)/ε) a b has the marginals a and b.
/// </summary>
/// <remarks>
/// Alternating soft minima climb it, but as slowly as one likes where the plan nearly falls apart into blocks: mass
/// hardly crosses between them, so a block's potentials hardly learn that they lie too high. Newton's method in f, g
/// being the soft minimum, moves blocks as a whole: its matrix is the Laplacian of the graph whose edges are the masses
/// that two rows share through the columns.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/1710.06635">Brauer, Clason, Lorenz, Wirth 2017, A Sinkhorn-Newton method for
/// entropic optimal transport</seealso>
internal sealed class SinkhornDual
{
    private const double Tolerance = 1e-9;
    private const int MostRounds = 500;

    /// <summary>The number of rounds after which soft minima alone have converged, unless they are slow.</summary>
    private const int PlainRounds = 30;

    /// <summary>
    /// The number of halvings of a step before it is abandoned: from the largest cost to far below ε.
    /// </summary>
    private const int MostHalvings = 30;

    private readonly DistanceMatrix _costs;
    private readonly double _epsilon;
    private readonly double _largestCost;
    private readonly double[] _f;
    private readonly double[] _g;
    private readonly double[] _terms;

    private SinkhornDual(DistanceMatrix costs, double epsilon)
    {
        (_costs, _epsilon, _largestCost) = (costs, epsilon, costs.Values.ToArray().Max());
        _f = new double[costs.RowCount];
        _g = new double[costs.ColumnCount];
        _terms = new double[Math.Max(_f.Length, _g.Length)];
    }

    private double Value => _f.Average() + _g.Average();

    /// <summary>Solves the dual problem.</summary>
    /// <param name="costs">C, shape [n, m].</param>
    /// <param name="epsilon">ε.</param>
    /// <returns>
    /// The value, off the optimum by at most the marginal error times the diameter, and whether the error (L1) is below
    /// 10⁻⁹.
    /// </returns>
    public static (double Value, bool HasConverged) Solve(DistanceMatrix costs, double epsilon)
    {
        SinkhornDual dual = new(costs, epsilon);
        double error = double.PositiveInfinity;
        for (int round = 0; round < MostRounds && error >= Tolerance; round++)
        {
            if (round > PlainRounds)
            {
                dual.StepNewton();
            }

            error = dual.Alternate();
        }

        return (dual.Value, error < Tolerance);
    }

    /// <summary>Computes both soft minima.</summary>
    /// <returns>The marginal error before: Σ |row sum − 1/n|, the column sums being exact.</returns>
    private double Alternate()
    {
        double error = 0;
        for (int i = 0; i < _f.Length; i++)
        {
            double updated = RowMinimum(i);

            // Row i of the plan sums to exp((f − updated)/ε) / n.
            error += Math.Abs(Math.Exp((_f[i] - updated) / _epsilon) - 1) / _f.Length;
            _f[i] = updated;
        }

        MinimizeColumns();
        return error;
    }

    /// <summary>
    /// Performs one step of Newton's method in f, halved until the value grows; no step if it does not.
    /// </summary>
    private void StepNewton()
    {
        double before = Value;
        double[] start = [.. _f];
        double[] step = FindStep();
        double largest = step.Max(Math.Abs);
        double scale = Math.Min(1, _largestCost / largest);
        for (int halving = 0; halving < MostHalvings && largest > 0; halving++)
        {
            for (int i = 0; i < _f.Length; i++)
            {
                _f[i] = start[i] + (scale * step[i]);
            }

            MinimizeColumns();
            if (Value > before)
            {
                return;
            }

            scale /= 2;
        }

        start.CopyTo(_f, 0);
        MinimizeColumns();
    }

    /// <summary>
    /// Returns the step x of L x = ε (a − row sums), where L is the Laplacian of the weights Σ_j P_ij P_kj / b_j.
    /// </summary>
    private double[] FindStep()
    {
        int n = _f.Length;
        int m = _g.Length;
        double[] plan = new double[n * m];
        double[] excess = new double[n];
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < m; j++)
            {
                plan[(i * m) + j] = Math.Exp((_f[i] + _g[j] - _costs[i][j]) / _epsilon) / ((double)n * m);
                sum += plan[(i * m) + j];
            }

            excess[i] = _epsilon * ((1.0 / n) - sum);
        }

        double[] weights = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                double shared = 0;
                for (int j = 0; j < m; j++)
                {
                    shared += plan[(i * m) + j] * plan[(k * m) + j];
                }

                weights[(i * n) + k] = weights[(k * n) + i] = shared * m;
            }
        }

        return GraphLaplacian.Solve(weights, excess);
    }

    private double RowMinimum(int row)
    {
        ReadOnlySpan<double> costs = _costs[row];
        for (int j = 0; j < _g.Length; j++)
        {
            _terms[j] = (_g[j] - costs[j]) / _epsilon;
        }

        return -_epsilon * LogMeanExp(_terms.AsSpan(0, _g.Length));
    }

    private void MinimizeColumns()
    {
        for (int j = 0; j < _g.Length; j++)
        {
            for (int i = 0; i < _f.Length; i++)
            {
                _terms[i] = (_f[i] - _costs[i][j]) / _epsilon;
            }

            _g[j] = -_epsilon * LogMeanExp(_terms.AsSpan(0, _f.Length));
        }
    }

    private static double LogMeanExp(ReadOnlySpan<double> terms)
    {
        double largest = double.NegativeInfinity;
        foreach (double term in terms)
        {
            largest = Math.Max(largest, term);
        }

        double sum = 0;
        foreach (double term in terms)
        {
            sum += Math.Exp(term - largest);
        }

        return largest + Math.Log(sum / terms.Length);
    }
}
