using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// Computes products in double of many rows of a block with one panel of queries, bit for bit those of
/// <see cref="DistanceKernels.Dot"/>, at the speed of a matrix product.
/// </summary>
/// <remarks>
/// Dot adds element i to partial sum i mod 8, and the partial sums at the end. Here each partial sum is a matrix
/// product of its own, over every eighth element: rows and queries are widened into that order, element 8p + s at [s,
/// p]; the tile is 6 rows × 2 registers as in <see cref="PanelKernel"/>. A product of two float32 is exact in double,
/// so a fused addition rounds as the two steps do.
/// </remarks>
internal sealed class ExactProducts
{
    private const int LaneCount = DistanceKernels.LaneCount;
    private const int TileRows = PanelKernel.TileRows;
    private const int TileQueries = 8;

    /// <summary>
    /// The number of rows whose partial sums stay in the second-level cache, while each part of the panel stays in the
    /// first.
    /// </summary>
    private const int BandRows = 4 * TileRows;

    private readonly int _dimension;
    private readonly int _width;
    private readonly int _steps;
    private readonly bool[] _isReady;
    private readonly double[] _products;
    private readonly double[] _partials;
    private double[] _rows = [];
    private double[] _panel = [];

    /// <summary>Initializes products without rows.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="width">Queries in a panel, a multiple of 8.</param>
    /// <param name="capacity">Rows of a block.</param>
    public ExactProducts(int dimension, int width, int capacity)
    {
        _dimension = dimension;
        _width = width;
        _steps = (dimension + LaneCount - 1) / LaneCount;
        _isReady = new bool[capacity];
        _products = new double[(capacity + TileRows) * width];
        _partials = new double[LaneCount * BandRows * TileQueries];
    }

    /// <summary>Determines whether this processor and panels of this width are supported.</summary>
    public static bool IsSupported(int width) => Vector256.IsHardwareAccelerated && width % TileQueries == 0;

    /// <summary>Returns the largest memory of an instance, in bytes, for blocks of a number of rows.</summary>
    public static long EstimateMemory(int dimension, int capacity) =>
        (capacity + 32L) * (dimension + LaneCount + 32L) * sizeof(double);

    /// <summary>
    /// Determines whether products of a panel cost less than pairs: packing costs about as much as 64 pairs, each row
    /// as much as 3.
    /// </summary>
    public static bool Pays(int rowCount, int pairCount) => pairCount > 64 + (3 * rowCount);

    /// <summary>Clears the rows of the last block.</summary>
    public void BeginBlock() => Array.Clear(_isReady);

    /// <summary>Adds a row of the block.</summary>
    public void AddRow(int row, ReadOnlySpan<float> values)
    {
        if (_isReady[row])
        {
            return;
        }

        if (_rows.Length == 0)
        {
            _rows = new double[_isReady.Length * _steps * LaneCount];
        }

        _isReady[row] = true;
        Span<double> lanes = _rows.AsSpan(row * _steps * LaneCount, _steps * LaneCount);
        for (int i = 0; i < values.Length; i++)
        {
            lanes[((i % LaneCount) * _steps) + (i / LaneCount)] = values[i];
        }
    }

    /// <summary>Computes x·q for some rows and the queries of a panel.</summary>
    /// <param name="rows">Rows that were added; there is room to pad them.</param>
    /// <param name="count">How many.</param>
    /// <param name="queries">All queries.</param>
    /// <param name="panel">Those of the panel, at most its width.</param>
    /// <returns>Shape [count, width]; columns beyond the panel's queries mean nothing.</returns>
    public ReadOnlySpan<double> Multiply(int[] rows, int count, EmbeddingMatrix queries, ReadOnlySpan<int> panel)
    {
        int padded = (count + TileRows - 1) / TileRows * TileRows;
        rows.AsSpan(count, padded - count).Fill(rows[count - 1]);
        for (int first = 0; first < _width; first += TileQueries)
        {
            Pack(queries, panel[Math.Min(first, panel.Length)..Math.Min(first + TileQueries, panel.Length)]);
            for (int band = 0; band < padded; band += BandRows)
            {
                int bandRows = Math.Min(BandRows, padded - band);
                MultiplyBand(rows.AsSpan(band, bandRows));
                Reduce(bandRows, _products.AsSpan((band * _width) + first));
            }
        }

        return _products.AsSpan(0, count * _width);
    }

    /// <summary>Converts up to eight queries to double, in shape [element, step, query].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(EmbeddingMatrix queries, ReadOnlySpan<int> panel)
    {
        if (_panel.Length == 0)
        {
            _panel = new double[LaneCount * _steps * TileQueries];
        }

        for (int q = 0; q < panel.Length; q++)
        {
            ReadOnlySpan<float> query = queries[panel[q]];
            for (int lane = 0; lane < LaneCount; lane++)
            {
                int to = (lane * _steps * TileQueries) + q;
                for (int i = lane; i < _dimension; i += LaneCount)
                {
                    _panel[to] = query[i];
                    to += TileQueries;
                }
            }
        }
    }

    private void MultiplyBand(ReadOnlySpan<int> rows)
    {
        for (int lane = 0; lane < LaneCount; lane++)
        {
            ReadOnlySpan<double> queries = _panel.AsSpan(lane * _steps * TileQueries, _steps * TileQueries);
            for (int n = 0; n < rows.Length; n += TileRows)
            {
                MultiplyTile(
                    in Lane(rows[n], lane)[0],
                    in Lane(rows[n + 1], lane)[0],
                    in Lane(rows[n + 2], lane)[0],
                    in Lane(rows[n + 3], lane)[0],
                    in Lane(rows[n + 4], lane)[0],
                    in Lane(rows[n + 5], lane)[0],
                    _steps,
                    in queries[0],
                    ref _partials.AsSpan(((lane * BandRows) + n) * TileQueries, TileRows * TileQueries)[0]
                );
            }
        }
    }

    private ReadOnlySpan<double> Lane(int row, int lane) => _rows.AsSpan(((row * LaneCount) + lane) * _steps, _steps);

    /// <summary>Adds the partial sums in the order of <see cref="DistanceKernels"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reduce(int rowCount, Span<double> products)
    {
        const int LaneStride = BandRows * TileQueries;
        for (int n = 0; n < rowCount; n++)
        {
            for (int q = 0; q < TileQueries; q += Vector256<double>.Count)
            {
                ref double lanes = ref _partials[(n * TileQueries) + q];
                Vector256<double> even =
                    Load(ref lanes, 0) + Load(ref lanes, 4) + (Load(ref lanes, 2) + Load(ref lanes, 6));
                Vector256<double> odd =
                    Load(ref lanes, 1) + Load(ref lanes, 5) + (Load(ref lanes, 3) + Load(ref lanes, 7));
                (even + odd).CopyTo(products[((n * _width) + q)..]);
            }
        }

        static Vector256<double> Load(ref double lanes, int lane) =>
            Vector256.LoadUnsafe(ref lanes, (nuint)(lane * LaneStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(
        ref readonly double row0,
        ref readonly double row1,
        ref readonly double row2,
        ref readonly double row3,
        ref readonly double row4,
        ref readonly double row5,
        int steps,
        ref readonly double queries,
        ref double partials
    )
    {
        Vector256<double> c00 = default,
            c01 = default,
            c10 = default,
            c11 = default,
            c20 = default,
            c21 = default;
        Vector256<double> c30 = default,
            c31 = default,
            c40 = default,
            c41 = default,
            c50 = default,
            c51 = default;
        ref double query = ref Unsafe.AsRef(in queries);
        for (nint p = 0; p < steps; p++)
        {
            Vector256<double> q0 = Vector256.LoadUnsafe(ref query);
            Vector256<double> q1 = Vector256.LoadUnsafe(ref query, 4);
            Vector256<double> value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row0), p));
            c00 = Vector256.MultiplyAddEstimate(value, q0, c00);
            c01 = Vector256.MultiplyAddEstimate(value, q1, c01);
            value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row1), p));
            c10 = Vector256.MultiplyAddEstimate(value, q0, c10);
            c11 = Vector256.MultiplyAddEstimate(value, q1, c11);
            value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row2), p));
            c20 = Vector256.MultiplyAddEstimate(value, q0, c20);
            c21 = Vector256.MultiplyAddEstimate(value, q1, c21);
            value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row3), p));
            c30 = Vector256.MultiplyAddEstimate(value, q0, c30);
            c31 = Vector256.MultiplyAddEstimate(value, q1, c31);
            value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row4), p));
            c40 = Vector256.MultiplyAddEstimate(value, q0, c40);
            c41 = Vector256.MultiplyAddEstimate(value, q1, c41);
            value = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in row5), p));
            c50 = Vector256.MultiplyAddEstimate(value, q0, c50);
            c51 = Vector256.MultiplyAddEstimate(value, q1, c51);
            query = ref Unsafe.Add(ref query, TileQueries);
        }

        c00.StoreUnsafe(ref partials);
        c01.StoreUnsafe(ref partials, 4);
        c10.StoreUnsafe(ref partials, 8);
        c11.StoreUnsafe(ref partials, 12);
        c20.StoreUnsafe(ref partials, 16);
        c21.StoreUnsafe(ref partials, 20);
        c30.StoreUnsafe(ref partials, 24);
        c31.StoreUnsafe(ref partials, 28);
        c40.StoreUnsafe(ref partials, 32);
        c41.StoreUnsafe(ref partials, 36);
        c50.StoreUnsafe(ref partials, 40);
        c51.StoreUnsafe(ref partials, 44);
    }
}
