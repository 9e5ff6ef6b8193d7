using System.Runtime.CompilerServices;

namespace Tsds.Evaluation.Maps;

/// <summary>The forces between points of a map.</summary>
/// <remarks>
/// 1 / (1 + a·d^(2b)) is how near two points look at distance d; a and b are fitted so that this is 1 up to 0.1 and
/// exp(0.1 − d) beyond. Source: McInnes, Healy, Melville 2018, UMAP, section 3.2.
/// </remarks>
internal static class Attraction
{
    private const double A = 1.576943460;
    private const double B = 0.895060879;
    private const double Largest = 4;
    private const double Softening = 1e-3;

    /// <summary>Returns by what a difference of two neighbors is multiplied to draw them together.</summary>
    /// <param name="squared">d².</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Pull(double squared)
    {
        if (squared <= 0)
        {
            return 0;
        }

        double power = Math.Pow(squared, B);
        return -2 * A * B * (power / squared) / (1 + (A * power));
    }

    /// <summary>Returns by what a difference of two other points is multiplied to push them apart.</summary>
    /// <param name="squared">d².</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Push(double squared) =>
        2 * B / ((Softening + squared) * (1 + (A * Math.Pow(Math.Max(squared, 1e-12), B))));

    /// <summary>Bounds a step.</summary>
    /// <param name="step">The step.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Clip(double step) => Math.Clamp(step, -Largest, Largest);
}
