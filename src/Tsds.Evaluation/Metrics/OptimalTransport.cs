namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The cheapest way to move one distribution into another: min Σ P_ij c_ij over P ≥ 0 with row sums a and column sums
/// b.
/// </summary>
/// <remarks>
/// With c the Euclidean distance the cost is W1; with c its square, the cost is W2². Solved exactly by network simplex
/// over integers: costs are rounded to multiples of max c · 2⁻⁴⁰ and masses to multiples of 2⁻⁵², so that
/// |<see cref="Cost"/> − optimum| ≤ max c · (2⁻⁴⁰ + (n + m)·2⁻⁵²). The plan and the potentials prove it: see
/// <see cref="DualCost"/>.
/// </remarks>
/// <seealso href="https://doi.org/10.1007/978-3-540-71050-9">Villani 2009, Optimal Transport: Old and New</seealso>
internal sealed class OptimalTransport
{
    private OptimalTransport(double cost, double dualCost, double[] columnCosts, double[] columnPotentials)
    {
        Cost = cost;
        DualCost = dualCost;
        ColumnCosts = columnCosts;
        ColumnPotentials = columnPotentials;
    }

    /// <summary>Gets Σ P_ij c_ij.</summary>
    public double Cost { get; }

    /// <summary>Gets Σ a_i u_i + Σ b_j v_j with u_i + v_j ≤ c_ij for every pair: no plan costs less.</summary>
    public double DualCost { get; }

    /// <summary>
    /// Gets the mean cost of a unit of mass that arrives at column j: Σ_i P_ij c_ij / b_j; NaN if b_j = 0.
    /// </summary>
    public IReadOnlyList<double> ColumnCosts { get; }

    /// <summary>Gets v: the derivative of the cost by b, up to a constant. NaN if b_j = 0.</summary>
    public IReadOnlyList<double> ColumnPotentials { get; }

    /// <summary>Solves a transportation problem.</summary>
    /// <param name="costs">Shape [n, m], finite, not negative.</param>
    /// <param name="rowWeights">a, not negative, sums to 1 up to rounding; divided by its sum.</param>
    /// <param name="columnWeights">b, the same.</param>
    /// <returns>The solution. Time about n·m·log(n + m); memory 8·n·m bytes beside the costs.</returns>
    public static OptimalTransport Solve(
        DistanceMatrix costs,
        ReadOnlySpan<double> rowWeights,
        ReadOnlySpan<double> columnWeights
    )
    {
        IntegerMasses rows = IntegerMasses.FromWeights(rowWeights);
        IntegerMasses columns = IntegerMasses.FromWeights(columnWeights);
        double largest = 0;
        foreach (double cost in costs.Values)
        {
            largest = Math.Max(largest, cost);
        }

        double unit = largest > 0 ? (1L << 40) / largest : 0;
        long[] integerCosts = new long[rows.Positions.Length * columns.Positions.Length];
        for (int i = 0; i < rows.Positions.Length; i++)
        {
            ReadOnlySpan<double> row = costs[rows.Positions[i]];
            for (int j = 0; j < columns.Positions.Length; j++)
            {
                integerCosts[(i * columns.Positions.Length) + j] = (long)Math.Round(row[columns.Positions[j]] * unit);
            }
        }

        TransportationSimplex simplex = new(integerCosts, rows.Masses, columns.Masses);
        simplex.Solve();
        return Read(simplex, costs, rows, columns, unit);
    }

    /// <summary>
    /// Returns the mean of the largest tenth of the columns' costs: how well the worst served columns are served.
    /// </summary>
    public double WorstDecile()
    {
        double[] sorted = [.. ColumnCosts.Where(cost => !double.IsNaN(cost)).OrderDescending()];
        return sorted.Take((sorted.Length + 9) / 10).Average();
    }

    private static OptimalTransport Read(
        TransportationSimplex simplex,
        DistanceMatrix costs,
        IntegerMasses rows,
        IntegerMasses columns,
        double unit
    )
    {
        double[] columnCosts = new double[costs.ColumnCount];
        double[] potentials = new double[costs.ColumnCount];
        Array.Fill(columnCosts, double.NaN);
        Array.Fill(potentials, double.NaN);
        foreach (int position in columns.Positions)
        {
            columnCosts[position] = 0;
        }

        double cost = 0;
        foreach ((int row, int column, long flow) in simplex.Flows())
        {
            int position = columns.Positions[column];
            double moved = flow * costs[rows.Positions[row]][position];
            cost += moved;
            columnCosts[position] += moved / columns.Masses[column];
        }

        // v_j = min_i c_ij − u_i is feasible for the costs before rounding, and 1-Lipschitz where the costs are
        // distances.
        double dual = 0;
        double[] rowPotentials = [.. rows.Masses.Select((_, row) => unit > 0 ? -simplex.RowPotential(row) / unit : 0)];
        for (int row = 0; row < rowPotentials.Length; row++)
        {
            dual += rowPotentials[row] * rows.Masses[row];
        }

        for (int column = 0; column < columns.Positions.Length; column++)
        {
            int position = columns.Positions[column];
            double potential = double.PositiveInfinity;
            for (int row = 0; row < rowPotentials.Length; row++)
            {
                potential = Math.Min(potential, costs[rows.Positions[row]][position] - rowPotentials[row]);
            }

            potentials[position] = potential;
            dual += potential * columns.Masses[column];
        }

        return new OptimalTransport(cost / IntegerMasses.Total, dual / IntegerMasses.Total, columnCosts, potentials);
    }
}
