using Tsds.Sampling;

namespace Tsds.Evaluation.Maps;

/// <summary>Lays out a graph in a plane: neighbors are drawn together, other points pushed apart.</summary>
/// <remarks>
/// Stochastic gradient descent on the cross-entropy of UMAP, one edge after another in their order, so that the layout
/// is the same on any number of threads. An edge comes as often as its weight says, with five random other points each
/// time.
/// </remarks>
internal static class GraphLayout
{
    private const int OthersPerEdge = 5;
    private const ulong OthersStream = 41;

    /// <summary>Moves points.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="places">x and y of each point in turn: where they start, and where they end.</param>
    /// <param name="epochs">The number of passes.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    public static void Run(
        NeighborGraph graph,
        double[] places,
        int epochs,
        Action<double> progress,
        CancellationToken cancellationToken
    )
    {
        int edges = graph.Weights.Length;
        double most = graph.Weights.Max();
        double[] every = Array.ConvertAll(graph.Weights, weight => most / weight);
        double[] next = [.. every];
        CounterRandom random = new(0, OthersStream);
        ulong drawn = 0;
        int points = places.Length / 2;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double rate = 1 - ((epoch - 1.0) / epochs);
            for (int edge = 0; edge < edges; edge++)
            {
                if (next[edge] > epoch)
                {
                    continue;
                }

                next[edge] += every[edge];
                int head = graph.Heads[edge];
                int tail = graph.Tails[edge];
                Attract(places, head, tail, rate);
                for (int other = 0; other < OthersPerEdge; other++)
                {
                    ulong bits = random.Bits(drawn++);

                    // Both ends are pushed away from others: an edge has no direction.
                    Repel(places, (other & 1) == 0 ? head : tail, (int)(bits % (ulong)points), rate);
                }
            }

            progress((double)epoch / epochs);
        }
    }

    private static void Attract(double[] places, int head, int tail, double rate)
    {
        double dx = places[2 * head] - places[2 * tail];
        double dy = places[(2 * head) + 1] - places[(2 * tail) + 1];
        double pull = Attraction.Pull((dx * dx) + (dy * dy));
        double x = Attraction.Clip(pull * dx) * rate;
        double y = Attraction.Clip(pull * dy) * rate;
        places[2 * head] += x;
        places[(2 * head) + 1] += y;
        places[2 * tail] -= x;
        places[(2 * tail) + 1] -= y;
    }

    private static void Repel(double[] places, int point, int other, double rate)
    {
        if (point == other)
        {
            return;
        }

        double dx = places[2 * point] - places[2 * other];
        double dy = places[(2 * point) + 1] - places[(2 * other) + 1];
        double push = Attraction.Push((dx * dx) + (dy * dy));
        places[2 * point] += Attraction.Clip(push * dx) * rate;
        places[(2 * point) + 1] += Attraction.Clip(push * dy) * rate;
    }
}
