using Tsds.Sampling;

namespace Tsds.Evaluation.Maps;

/// <summary>
/// Places a point among others that stay where they are: between its neighbors, then by the same forces.
/// </summary>
internal sealed class PointPlacement(double[] places, int[] landmarks)
{
    private const int Epochs = 24;
    private const int OthersPerNeighbor = 1;
    private const double FirstRate = 0.5;
    private const ulong OthersStream = 42;

    private readonly CounterRandom _random = new(0, OthersStream);

    /// <summary>Places a point.</summary>
    /// <param name="number">Its number, which its random numbers depend on.</param>
    /// <param name="neighbors">The places of its neighbors in the list of landmarks, nearest first.</param>
    /// <param name="distancesSquared">Their squared distances.</param>
    /// <returns>Where it is.</returns>
    public (double X, double Y) Place(long number, ReadOnlySpan<long> neighbors, ReadOnlySpan<double> distancesSquared)
    {
        Span<double> distances = stackalloc double[neighbors.Length];
        Span<double> weights = stackalloc double[neighbors.Length];
        for (int n = 0; n < distances.Length; n++)
        {
            distances[n] = Math.Sqrt(distancesSquared[n]);
        }

        NeighborWeights.Of(distances, weights);
        double x = 0;
        double y = 0;
        double sum = 0;
        for (int n = 0; n < neighbors.Length; n++)
        {
            int landmark = landmarks[(int)neighbors[n]];
            x += weights[n] * places[2 * landmark];
            y += weights[n] * places[(2 * landmark) + 1];
            sum += weights[n];
        }

        (x, y) = (x / sum, y / sum);
        if (distances[0] == 0)
        {
            // The same as a landmark is where that is.
            int same = landmarks[(int)neighbors[0]];
            return (places[2 * same], places[(2 * same) + 1]);
        }

        ulong drawn = (ulong)number * (Epochs * 64);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            double rate = FirstRate * (1 - ((double)epoch / Epochs));
            for (int n = 0; n < neighbors.Length; n++)
            {
                int landmark = landmarks[(int)neighbors[n]];
                double dx = x - places[2 * landmark];
                double dy = y - places[(2 * landmark) + 1];
                double pull = weights[n] * Attraction.Pull((dx * dx) + (dy * dy));
                x += Attraction.Clip(pull * dx) * rate;
                y += Attraction.Clip(pull * dy) * rate;
                for (int other = 0; other < OthersPerNeighbor; other++)
                {
                    int far = (int)(_random.Bits(drawn++) % (ulong)(places.Length / 2));
                    dx = x - places[2 * far];
                    dy = y - places[(2 * far) + 1];
                    double push = weights[n] * Attraction.Push((dx * dx) + (dy * dy));
                    x += Attraction.Clip(push * dx) * rate;
                    y += Attraction.Clip(push * dy) * rate;
                }
            }
        }

        return (x, y);
    }
}
