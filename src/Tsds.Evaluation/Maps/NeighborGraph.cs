namespace Tsds.Evaluation.Maps;

/// <summary>Represents the graph of which points are near which: an edge for each pair of which one is a neighbor of
/// the
/// other.</summary>
internal sealed class NeighborGraph
{
    private NeighborGraph(int[] heads, int[] tails, double[] weights) =>
        (Heads, Tails, Weights) = (heads, tails, weights);

    /// <summary>Gets the smaller point of each edge.</summary>
    public int[] Heads { get; }

    /// <summary>Gets the larger point of each edge.</summary>
    public int[] Tails { get; }

    /// <summary>Gets the weight of each edge: a + b − ab of what its ends say of each other.</summary>
    public double[] Weights { get; }

    /// <summary>Joins the neighbor lists of points.</summary>
    /// <param name="table">The neighbors of each point, itself among them or not.</param>
    public static NeighborGraph Join(NeighborTable table)
    {
        int k = table.K - 1;
        List<(int Head, int Tail, double Weight)> edges = new(table.QueryCount * k);
        double[] distances = new double[k];
        double[] weights = new double[k];
        int[] neighbors = new int[k];
        for (int point = 0; point < table.QueryCount; point++)
        {
            int count = 0;
            for (int n = 0; n < table.K && count < k; n++)
            {
                long neighbor = table.CandidateIds(point)[n];
                if (neighbor != point)
                {
                    neighbors[count] = (int)neighbor;
                    distances[count++] = Math.Sqrt(table.DistancesSquared(point)[n]);
                }
            }

            NeighborWeights.Of(distances, weights);
            for (int n = 0; n < count; n++)
            {
                edges.Add((Math.Min(point, neighbors[n]), Math.Max(point, neighbors[n]), weights[n]));
            }
        }

        edges.Sort();
        return Merge(edges);
    }

    private static NeighborGraph Merge(List<(int Head, int Tail, double Weight)> edges)
    {
        List<int> heads = [];
        List<int> tails = [];
        List<double> weights = [];
        foreach ((int head, int tail, double weight) in edges)
        {
            if (heads.Count > 0 && heads[^1] == head && tails[^1] == tail)
            {
                weights[^1] += weight - (weights[^1] * weight);
                continue;
            }

            heads.Add(head);
            tails.Add(tail);
            weights.Add(weight);
        }

        return new NeighborGraph([.. heads], [.. tails], [.. weights]);
    }
}
