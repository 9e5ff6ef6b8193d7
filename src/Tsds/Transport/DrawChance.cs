namespace Tsds.Transport;

/// <summary>The probability that B independent draws include a row.</summary>
internal static class DrawChance
{
    /// <summary>
    /// The number of expected draws from which 1 − (1 − p)^B is 1 in double precision: e⁻³⁸ is less than half of its
    /// last bit.
    /// </summary>
    private const double CertainFrom = 38;

    /// <summary>Returns 1 − (1 − p)^B without the cancellation that small p would cause.</summary>
    public static double Of(double probability, long budget)
    {
        if (probability >= 1 || budget * probability >= CertainFrom)
        {
            return 1;
        }

        double logarithm =
            probability < 1e-4
                ? -probability * (1 + (probability * (0.5 + (probability * (1.0 / 3 + (probability / 4))))))
                : Math.Log(1 - probability);
        double exponent = budget * logarithm;
        return exponent > -1e-4
            ? -exponent * (1 + (exponent * (0.5 + (exponent * (1.0 / 6 + (exponent / 24))))))
            : 1 - Math.Exp(exponent);
    }
}
