using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Tsds.Numerics;

namespace Tsds.Benchmarks;

/// <summary>
/// The blocked kernels alone: one block of rows with many panels of queries, everything in the second-level cache.
/// </summary>
/// <remarks>The widths are those of 256-bit registers; nothing here is measured where the processor has none.</remarks>
public class KernelBenchmarks
{
    private const int Width = 16;

    private int[] _rows = [];
    private int[] _units = [];
    private int[][] _panels = [];
    private int[] _products = [];
    private EmbeddingMatrix _vectors;
    private EmbeddingMatrix _queries;
    private ExactProducts? _exact;

    /// <summary>Gets or sets the rows of the block.</summary>
    [Params(192)]
    public int N { get; set; }

    /// <summary>Gets or sets the dimension.</summary>
    [Params(128, 384, 1024)]
    public int D { get; set; }

    /// <summary>Gets or sets the queries.</summary>
    [Params(512)]
    public int M { get; set; }

    /// <summary>Generates rows and packs queries.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _vectors = ClusteredVectors.CreatePool(N, D);
        _queries = ClusteredVectors.CreateTargets(M, D);
        _rows = [.. Enumerable.Range(0, N), .. new int[PanelKernel.TileRows]];
        _units = MemoryMarshal.Cast<float, int>(_vectors.Values.Span).ToArray();

        // What the units hold does not matter to their speed, so queries are packed by cutting.
        int[] queries = MemoryMarshal.Cast<float, int>(_queries.Values.Span).ToArray();
        _panels = [.. queries.Chunk(D * Width)];
        _products = new int[N * Width];
        _exact = new ExactProducts(D, Width, N);
        for (int row = 0; row < N; row++)
        {
            _exact.AddRow(row, _vectors[row]);
        }
    }

    /// <summary>Units of float32.</summary>
    [Benchmark]
    public int SinglePanels() => Multiply<Register256<Float32Arithmetic>>(D);

    /// <summary>Units of two int16: half the depth for the same vectors.</summary>
    [Benchmark]
    public int IntegerPanels() => Multiply<Register256<Int16Arithmetic>>(D / 2);

    /// <summary>Units of four int8: a quarter of the depth for the same vectors, and the heads of chunks.</summary>
    [Benchmark]
    public int Int8Panels() => Multiply<Register256<Int8Arithmetic>>(D / 4);

    /// <summary>Double, packing of the panels included.</summary>
    [Benchmark]
    public double DoublePanels()
    {
        double last = 0;
        Span<int> panel = stackalloc int[Width];
        for (int first = 0; first < M; first += Width)
        {
            for (int q = 0; q < Width; q++)
            {
                panel[q] = first + q;
            }

            last = _exact!.Multiply(_rows, N, _queries, panel)[^1];
        }

        return last;
    }

    private int Multiply<TLane>(int depth)
        where TLane : struct, ISimdRegister<TLane>
    {
        foreach (int[] panel in _panels)
        {
            PanelKernel.Multiply<TLane>(_units, D, _rows.AsSpan(0, N), depth, panel, _products);
        }

        return _products[^1];
    }
}
