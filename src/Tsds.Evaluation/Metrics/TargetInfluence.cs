namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The influence of one target on the selection: the total variation between the probabilities with it and without it.
/// </summary>
/// <remarks>
/// At the same effective neighbors and densities every target's part of the plan is what it is whatever the other
/// targets are, so without target j the optimal probabilities are (p − γ_j)/(1 − μ_j): no solver is needed, and the
/// value is exact. From 0 to 1; a target that pulls rows of its own has μ_j.
/// </remarks>
internal static class TargetInfluence
{
    /// <summary>
    /// Returns ½ Σ |p − p₋ⱼ| for every target j; NaN for a single target, without which there is no selection.
    /// </summary>
    /// <param name="plan">The optimal plan.</param>
    /// <param name="targetCount">M.</param>
    public static double[] Of(TransportPlan plan, int targetCount)
    {
        Dictionary<long, double> probabilities = [];
        for (int i = 0; i < plan.CandidateIds.Length; i++)
        {
            probabilities[plan.CandidateIds.Span[i]] = plan.Probabilities.Span[i];
        }

        double[] influences = new double[targetCount];
        for (int target = 0; target < targetCount; target++)
        {
            double weight = 0;
            double losing = 0;
            foreach (TransportEntry entry in plan.EntriesOf(target).Span)
            {
                weight += entry.Mass;
            }

            // p₋ⱼ − p = (μ p − γ)/(1 − μ): rows that the target does not pull gain, so what the others lose is the
            // whole variation.
            foreach (TransportEntry entry in plan.EntriesOf(target).Span)
            {
                losing += Math.Max(0, entry.Mass - (weight * probabilities[entry.CandidateId]));
            }

            influences[target] = targetCount > 1 ? losing / (1 - weight) : double.NaN;
        }

        return influences;
    }
}
