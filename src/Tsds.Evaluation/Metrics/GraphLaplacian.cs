namespace Tsds.Evaluation.Metrics;

/// <summary>Solves systems L x = y with L = diag(W 1) − W, the Laplacian of a graph with weights W.</summary>
internal static class GraphLaplacian
{
    /// <summary>Solves L x = y for x.</summary>
    /// <param name="weights">W, symmetric, not negative, shape [n, n]; the diagonal is not read. Overwritten.</param>
    /// <param name="values">y, of which only what sums to 0 in each part of the graph can be met. Overwritten by
    /// x.</param>
    /// <returns>x, 0 at the last node.</returns>
    /// <remarks>
    /// Eliminates node after node. Weights are only added and multiplied, never subtracted, and a pivot is the sum of
    /// the weights that are left: every weight keeps its relative precision, however little connects two parts of the
    /// graph.
    /// </remarks>
    /// <seealso href="https://doi.org/10.1287/opre.33.5.1107">Grassmann, Taksar, Heyman 1985, Regenerative analysis and
    /// steady state distributions for Markov chains</seealso>
    public static double[] Solve(double[] weights, double[] values)
    {
        int n = values.Length;
        double[] pivots = new double[n];
        for (int node = 0; node < n; node++)
        {
            ReadOnlySpan<double> row = weights.AsSpan((node * n) + node + 1, n - node - 1);
            foreach (double weight in row)
            {
                pivots[node] += weight;
            }

            for (int other = node + 1; other < n && pivots[node] > 0; other++)
            {
                double share = row[other - node - 1] / pivots[node];
                values[other] += share * values[node];
                Span<double> rest = weights.AsSpan((other * n) + node + 1, row.Length);
                for (int i = 0; i < rest.Length; i++)
                {
                    rest[i] += share * row[i];
                }
            }
        }

        for (int node = n - 1; node >= 0; node--)
        {
            double sum = values[node];
            for (int other = node + 1; other < n; other++)
            {
                sum += weights[(node * n) + other] * values[other];
            }

            // A node that nothing connects with those after it may stay where it is.
            values[node] = pivots[node] > 0 ? sum / pivots[node] : 0;
        }

        return values;
    }
}
