using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// Kernels exp(−‖x − y‖²/2h²) of all candidates with a few vectors, from products in float32, each with a bound of its
/// error.
/// </summary>
/// <remarks>
/// ‖x − y‖² = ‖x‖² + ‖y‖² − 2x·y, with x·y off by at most γ_d‖x‖‖y‖ (<see cref="VectorProducts"/>) and the result
/// rounded to float32; 2‖x‖‖y‖ ≤ ‖x‖² + ‖y‖². The exponential falls by at most 1/2h² for each unit of ‖x − y‖², and its
/// own error is below <see cref="OwnError"/>.
/// </remarks>
internal sealed class NearKernels
{
    /// <summary>
    /// More than an exponential of float32 is off: a few roundings of a value up to 1, and 2⁻²⁴·|z|·exp(z) ≤ 2⁻²⁵ of
    /// its argument.
    /// </summary>
    private const double OwnError = 1e-6;

    private readonly CandidateVectors _vectors;
    private readonly double _factor;
    private readonly double _errorOfNorms;

    /// <summary>Initializes kernels.</summary>
    /// <param name="vectors">The candidates.</param>
    /// <param name="bandwidth">h, positive.</param>
    public NearKernels(CandidateVectors vectors, double bandwidth)
    {
        _vectors = vectors;
        _factor = -1 / (2 * bandwidth * bandwidth);
        NormsSquared = vectors.NormsSquared();
        int dimension = vectors.Count > 0 ? vectors[0].Length : 0;
        _errorOfNorms = -_factor * (VectorProducts.ErrorOf(dimension) + (4 * CandidateScan.UnitRoundoff));
    }

    /// <summary>Gets ‖x‖² of each candidate.</summary>
    public double[] NormsSquared { get; }

    /// <summary>Returns the exact kernel of two vectors.</summary>
    public double Exact(ReadOnlySpan<float> x, ReadOnlySpan<float> y) =>
        Math.Exp(_factor * DistanceKernels.DistanceSquared(x, y));

    /// <summary>Returns the kernel of two candidates, nearly.</summary>
    public double Near(int x, int y) =>
        Math.Exp(_factor * (NormsSquared[x] + NormsSquared[y] - (2.0 * PrincipalAxes.Dot(_vectors[x], _vectors[y]))));

    /// <summary>Returns what a kernel may be off.</summary>
    /// <param name="candidate">The candidate's position.</param>
    /// <param name="normSquared">‖y‖² of the other vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ErrorOf(int candidate, double normSquared) =>
        OwnError + (_errorOfNorms * (NormsSquared[candidate] + normSquared));

    /// <summary>Multiplies all candidates of a block with some vectors.</summary>
    /// <param name="block">The block of <see cref="CandidateVectors.Blocks"/>.</param>
    /// <param name="with">The vectors.</param>
    /// <param name="take">Receives position of the first row, number of rows and products of a part of the
    /// block, shape [rows, <see cref="VectorProducts.Width"/>].</param>
    public void Multiply(int block, VectorProducts with, Action<int, int, ReadOnlyMemory<float>> take)
    {
        EmbeddingMatrix rows = _vectors.Blocks[block];
        float[] products = new float[VectorProducts.BlockRows * VectorProducts.Width];
        for (int first = 0; first < rows.Count; first += VectorProducts.BlockRows)
        {
            int count = Math.Min(VectorProducts.BlockRows, rows.Count - first);
            with.Multiply(rows.Values.Span.Slice(first * rows.Dimension, count * rows.Dimension), products);
            take((block * CandidateScoring.BlockSize) + first, count, products);
        }
    }

    /// <summary>Turns products x·y into kernels, in place.</summary>
    /// <param name="products">Products of consecutive candidates with one vector.</param>
    /// <param name="first">The position of the first candidate.</param>
    /// <param name="normSquared">‖y‖².</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToKernels(Span<float> products, int first, double normSquared)
    {
        ReadOnlySpan<double> norms = NormsSquared.AsSpan(first, products.Length);
        for (int i = 0; i < products.Length; i++)
        {
            products[i] = (float)(_factor * Math.Max(0, norms[i] + normSquared - (2.0 * products[i])));
        }

        int n = 0;
        for (; n <= products.Length - Vector256<float>.Count; n += Vector256<float>.Count)
        {
            Span<float> eight = products.Slice(n, Vector256<float>.Count);
            Vector256.Exp(Vector256.Create<float>(eight)).CopyTo(eight);
        }

        for (; n < products.Length; n++)
        {
            products[n] = MathF.Exp(products[n]);
        }
    }
}
