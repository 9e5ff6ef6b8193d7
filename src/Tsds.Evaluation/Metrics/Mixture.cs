namespace Tsds.Evaluation.Metrics;

/// <summary>The share of each label in a set, where labels are sources, languages, lengths or the like.</summary>
/// <param name="Shares">Positive, by label, summing to 1.</param>
internal sealed record Mixture(IReadOnlyDictionary<string, double> Shares)
{
    /// <summary>Computes the share of each label.</summary>
    /// <param name="labels">At least one.</param>
    public static Mixture Of(IEnumerable<string> labels)
    {
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        long total = 0;
        foreach (string label in labels)
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
            total++;
        }

        return new Mixture(
            new SortedDictionary<string, double>(
                counts.ToDictionary(pair => pair.Key, pair => (double)pair.Value / total),
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>
    /// Returns the Jensen-Shannon divergence ½KL(p ‖ m) + ½KL(q ‖ m), m = (p + q)/2, in nats: 0 for equal mixtures, ln
    /// 2 for mixtures without a common label.
    /// </summary>
    /// <seealso href="https://doi.org/10.1109/18.61115">Lin 1991, Divergence measures based on the Shannon
    /// entropy</seealso>
    public double DivergenceTo(Mixture other)
    {
        double sum = 0;
        foreach (string label in Shares.Keys.Union(other.Shares.Keys).Order(StringComparer.Ordinal))
        {
            double p = Shares.GetValueOrDefault(label);
            double q = other.Shares.GetValueOrDefault(label);
            double mean = (p + q) / 2;
            sum += 0.5 * (Term(p, mean) + Term(q, mean));
        }

        return Math.Clamp(sum, 0, Math.Log(2));
    }

    private static double Term(double p, double mean) => p > 0 ? p * Math.Log(p / mean) : 0;
}
