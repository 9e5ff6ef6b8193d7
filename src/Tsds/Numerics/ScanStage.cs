using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>
/// One stage of the filter's cascade: compares the embeddings themselves, or a short view of them in which no two
/// vectors are farther apart, in units of a precision.
/// </summary>
/// <remarks>
/// The short view of x is (V x, ‖x − VᵀV x‖): its leading principal coordinates, and the length of what they leave. By
/// Cauchy-Schwarz x·q ≤ Vx·Vq + ‖x − VᵀVx‖‖q − VᵀVq‖, so what the short views rule out the embeddings rule out. Nor do
/// the views of x and of what is left of it after rounding lie further apart than the two themselves: the error of a
/// quantized row is the error of its view.
/// </remarks>
/// <param name="Axes">V; null for the embeddings themselves.</param>
/// <param name="AxisCount">How many axes the view takes.</param>
/// <param name="Dimension">The elements of the view.</param>
/// <param name="Precision">The units that views are compared in.</param>
internal sealed record ScanStage(PrincipalAxes? Axes, int AxisCount, int Dimension, ScanPrecision Precision)
{
    /// <summary>The elements that tell the residual in int8: with 63 axes they fill whole units.</summary>
    private const int Int8Residuals = 5;

    /// <summary>Gets the number of units of a view.</summary>
    public int UnitCount => StageEncoding.UnitCount(Precision, Dimension);

    /// <summary>Gets the largest error of a view's coordinates, relative to the norm of the vector.</summary>
    public double CoordinateError => Axes?.CoordinateError ?? 0;

    /// <summary>Gets a factor that bounds the norm of a view by that of the vector.</summary>
    public double NormFactor => Axes is null ? 1 : 1 + (2 * CoordinateError);

    /// <summary>Creates the stage that compares the embeddings themselves.</summary>
    public static ScanStage Full(int dimension, ScanPrecision precision) => new(null, 0, dimension, precision);

    /// <summary>
    /// Creates the stage that compares the leading coordinates along some axes. In int8 the residual, the largest
    /// element of most views, would coarsen all others: there it is told by several equal ones with the same product.
    /// </summary>
    public static ScanStage Leading(PrincipalAxes axes, int axisCount, ScanPrecision precision) =>
        new(axes, axisCount, axisCount + (precision == ScanPrecision.Int8 ? Int8Residuals : 1), precision);

    /// <summary>Completes the view of a vector with its residual.</summary>
    /// <param name="coordinates">Vx, at least <see cref="AxisCount"/> of them.</param>
    /// <param name="normSquared">‖x‖².</param>
    /// <param name="view">Receives the view, length <see cref="Dimension"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Complete(ReadOnlySpan<float> coordinates, double normSquared, Span<float> view)
    {
        double inside = 0;
        for (int a = 0; a < AxisCount; a++)
        {
            view[a] = coordinates[a];
            inside += (double)coordinates[a] * coordinates[a];
        }

        // Raised by what the coordinates may be off: a residual that is too long rules out too little, never too much.
        double residualSquared = Math.Max(0, normSquared - inside) + (3 * CoordinateError * normSquared);
        view[AxisCount..].Fill(CandidateScan.RoundUp(Math.Sqrt(residualSquared / (Dimension - AxisCount))));
    }
}
