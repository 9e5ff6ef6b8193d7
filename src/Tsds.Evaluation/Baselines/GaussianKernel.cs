namespace Tsds.Evaluation.Baselines;

/// <summary>k = exp(−d²/2h²), in (0, 1], by squared norms and an inner product.</summary>
/// <param name="bandwidth">h, positive.</param>
internal readonly struct GaussianKernel(double bandwidth)
{
    private readonly double _factor = -1 / (2 * bandwidth * bandwidth);

    public double Evaluate(double normSquared, double otherNormSquared, double product) =>
        Math.Exp(_factor * Math.Max(0, normSquared + otherNormSquared - (2 * product)));
}
