namespace Tsds.Evaluation.Protocol;

/// <summary>The ratio Σ w x / Σ w y: a mean per unit of y.</summary>
internal static class WeightedRatio
{
    public static double Of(
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators,
        ReadOnlySpan<double> weights
    )
    {
        double above = 0;
        double below = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            above += weights[i] * numerators[i];
            below += weights[i] * denominators[i];
        }

        return above / below;
    }
}
