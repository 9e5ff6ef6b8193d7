using System.Runtime.CompilerServices;
using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>The products of all candidates with a few of them, computed together as that costs little more.</summary>
internal sealed class ProductTable
{
    private readonly CandidateVectors _vectors;
    private readonly NearKernels _kernels;
    private readonly ParallelOptions _parallel;
    private readonly int[] _members = new int[VectorProducts.Width];
    private readonly VectorProducts _with;

    /// <summary>
    /// Shape [candidates, width] in parts of <see cref="VectorProducts.BlockRows"/> candidates of a block, within which
    /// the products with one member lie together.
    /// </summary>
    private readonly float[] _products;

    /// <summary>Initializes a table without members.</summary>
    /// <param name="vectors">The candidates.</param>
    /// <param name="kernels">Multiplies them.</param>
    /// <param name="parallel">The threads.</param>
    public ProductTable(CandidateVectors vectors, NearKernels kernels, ParallelOptions parallel)
    {
        (_vectors, _kernels, _parallel) = (vectors, kernels, parallel);
        _with = new VectorProducts(vectors.Count > 0 ? vectors[0].Length : 0);
        _products = new float[checked((long)vectors.Count * VectorProducts.Width)];
        Array.Fill(_members, -1);
    }

    /// <summary>Returns the memory that a table takes, in bytes.</summary>
    public static long EstimateMemory(long candidates) => candidates * VectorProducts.Width * sizeof(float);

    /// <summary>Returns the place of a member, or -1 if a candidate is none.</summary>
    public int PlaceOf(int position) => Array.IndexOf(_members, position);

    /// <summary>Makes some candidates the members, <see cref="VectorProducts.Width"/> of them at most.</summary>
    public void Replace(ReadOnlySpan<int> positions)
    {
        _members.AsSpan().Fill(-1);
        positions.CopyTo(_members);
        for (int lane = 0; lane < positions.Length; lane++)
        {
            _with.Set(lane, _vectors[positions[lane]]);
        }

        Parallel.For(
            0,
            _vectors.Blocks.Count,
            _parallel,
            block =>
                _kernels.Multiply(
                    block,
                    _with,
                    (first, count, products) =>
                        Turn(products.Span, count, _products.AsSpan(first * VectorProducts.Width))
                )
        );
    }

    /// <summary>Copies the products of all candidates of a block with a member.</summary>
    /// <param name="first">The position of the block's first candidate.</param>
    /// <param name="place">The place of the member.</param>
    /// <param name="products">Receives the products, one for each candidate of the block.</param>
    public void Copy(int first, int place, Span<float> products)
    {
        for (int start = 0; start < products.Length; start += VectorProducts.BlockRows)
        {
            int count = Math.Min(VectorProducts.BlockRows, products.Length - start);
            _products
                .AsSpan(((first + start) * VectorProducts.Width) + (place * count), count)
                .CopyTo(products[start..]);
        }
    }

    /// <summary>Turns products of rows with members into products of members with rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(ReadOnlySpan<float> products, int count, Span<float> turned)
    {
        int width = VectorProducts.Width;
        for (int lane = 0; lane < width; lane++)
        {
            Span<float> column = turned.Slice(lane * count, count);
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = products[(row * width) + lane];
            }
        }
    }
}
