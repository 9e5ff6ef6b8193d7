using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>
/// Products of many vectors with a few at once, in float32: the blocked kernel for what only needs them nearly.
/// </summary>
internal sealed class VectorProducts
{
    /// <summary>Rows of one call of the kernel, a multiple of its tile: their products stay in the cache.</summary>
    public const int BlockRows = 192;

    private readonly int _dimension;
    private readonly int[] _panel;

    /// <summary>Initializes products with vectors that are all zeros.</summary>
    /// <param name="dimension">d.</param>
    public VectorProducts(int dimension)
    {
        _dimension = dimension;
        _panel = new int[dimension * Width];
    }

    /// <summary>Gets the number of vectors that are multiplied with at once, 32 at most.</summary>
    public static int Width =>
        PanelKernel.TileRegisters
        * CandidateScan.WidestLane switch
        {
            RegisterKind.Register512 => 16,
            RegisterKind.Register256 => 8,
            RegisterKind.Register128 => 4,
            _ => 1,
        };

    /// <summary>Returns a bound of |fl(x·y) − x·y|, relative to ‖x‖‖y‖.</summary>
    public static double ErrorOf(int dimension) => CandidateScan.Gamma(dimension);

    /// <summary>Sets one of the vectors that are multiplied with.</summary>
    /// <param name="lane">Its place, below <see cref="Width"/>.</param>
    /// <param name="vector">Its elements.</param>
    public void Set(int lane, ReadOnlySpan<float> vector) =>
        StageEncoding.Pack(ScanPrecision.Float32, MemoryMarshal.Cast<float, int>(vector), _panel, Width, lane);

    /// <summary>Multiplies rows with all vectors that are set. Several threads may call this at once.</summary>
    /// <param name="rows">Shape [count, d], at most <see cref="BlockRows"/> rows.</param>
    /// <param name="products">
    /// Receives the products, shape [<see cref="BlockRows"/>, <see cref="Width"/>]; rows beyond those given mean
    /// nothing.
    /// </param>
    public void Multiply(ReadOnlySpan<float> rows, Span<float> products)
    {
        int count = rows.Length / _dimension;
        Span<int> places = stackalloc int[BlockRows];
        for (int row = 0; row < count; row++)
        {
            places[row] = row;
        }

        int padded = (count + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;
        places[count..padded].Fill(count - 1);
        ReadOnlySpan<int> units = MemoryMarshal.Cast<float, int>(rows);
        Span<int> received = MemoryMarshal.Cast<float, int>(products);
        switch (CandidateScan.WidestLane)
        {
            case RegisterKind.Register512:
                Multiply<Register512<Float32Arithmetic>>(units, places[..padded], received);
                break;
            case RegisterKind.Register256:
                Multiply<Register256<Float32Arithmetic>>(units, places[..padded], received);
                break;
            case RegisterKind.Register128:
                Multiply<Register128<Float32Arithmetic>>(units, places[..padded], received);
                break;
            default:
                Multiply<RegisterScalar<Float32Arithmetic>>(units, places[..padded], received);
                break;
        }
    }

    private void Multiply<TLane>(ReadOnlySpan<int> units, ReadOnlySpan<int> places, Span<int> products)
        where TLane : struct, ISimdRegister<TLane> =>
        PanelKernel.Multiply<TLane>(units, _dimension, places, _dimension, _panel, products);
}
