namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The effective number of rows over which a distribution spreads, by three measures; each is between 1 (one row has
/// all the mass) and n (all rows have equal mass).
/// </summary>
/// <param name="Support">Rows with probability.</param>
/// <param name="EffectiveSampleSize">1/Σ p².</param>
/// <param name="Perplexity">exp(−Σ p ln p), between the other two.</param>
internal sealed record Concentration(int Support, double EffectiveSampleSize, double Perplexity)
{
    /// <summary>Measures a distribution.</summary>
    /// <param name="weights">Not negative; divided by their sum, which is positive.</param>
    public static Concentration Of(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        int support = 0;
        double squares = 0;
        double entropy = 0;
        foreach (double weight in weights)
        {
            if (weight > 0)
            {
                double p = weight / sum;
                support++;
                squares += p * p;
                entropy -= p * Math.Log(p);
            }
        }

        return new Concentration(support, 1 / squares, Math.Exp(entropy));
    }
}
