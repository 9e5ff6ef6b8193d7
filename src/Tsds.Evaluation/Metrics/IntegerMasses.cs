namespace Tsds.Evaluation.Metrics;

/// <summary>
/// A distribution in whole units of 2⁻⁵², so that flows add and cancel exactly; points without mass are omitted.
/// </summary>
/// <param name="Positions">Where each mass stands among the weights.</param>
/// <param name="Masses">Positive, summing to <see cref="Total"/>.</param>
internal sealed record IntegerMasses(int[] Positions, long[] Masses)
{
    /// <summary>The number of units of the whole distribution.</summary>
    public const long Total = 1L << 52;

    public static IntegerMasses FromWeights(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(weights),
                    weight,
                    "Expected weights that are finite and not negative."
                );
            }

            sum += weight;
        }

        if (!(sum > 0))
        {
            throw new ArgumentException("Expected at least one positive weight, found none.", nameof(weights));
        }

        List<int> positions = [];
        List<long> masses = [];
        long rest = Total;
        int largest = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            long mass = (long)Math.Round(weights[i] / sum * Total);
            if (mass == 0)
            {
                continue;
            }

            positions.Add(i);
            masses.Add(mass);
            rest -= mass;
            largest = mass > masses[largest] ? masses.Count - 1 : largest;
        }

        // What rounding gave or took, at most half a unit a point, goes where it weighs least.
        masses[largest] += rest;
        return new IntegerMasses([.. positions], [.. masses]);
    }
}
