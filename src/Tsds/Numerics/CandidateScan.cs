using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// Streams candidates past packed queries once and hands on every pair whose squared distance may be within the query's limit.
/// A filter only: it may hand on too much, never too little.
/// </summary>
/// <remarks>
/// <para>
/// ‖x − q‖² ≤ D exactly when ½‖x‖² − x·q ≤ (D − ‖q‖²)/2. The left side is computed in float32. With u = 2⁻²⁴ and γ_n = n·u/(1 − n·u), the
/// computed product differs from x·q by at most γ_d‖x‖‖q‖, fused or not, in any order (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1). The
/// test is
/// </para>
/// <code>not ( h(x) − fl(x·q) &gt; L(q) + n(x)·e(q) )</code>
/// <para>
/// with h(x) = ½‖x‖²(1 − 8u) rounded, which lowers the left side by more than the rounding of h and of its part in the
/// subtraction; n(x) = ‖x‖ rounded up; e(q) = γ_{d+8}‖q‖ rounded up, which covers the product and its part in the subtraction; and
/// L(q) = (D − ‖q‖²)/2 raised by 4u of itself and by 2⁻⁴⁰(D + ‖q‖²), which covers the rounding of the right side. "Not greater" keeps NaN.
/// Norms between 10⁻¹⁸ and 10¹⁸, or 0, keep everything inside the range of float32 (<see cref="IRowSource"/> sees to it).
/// </para>
/// </remarks>
internal static class CandidateScan
{
    /// <summary>Rows per block: copied, normalized and kept in the second-level cache while all panels pass.</summary>
    public const int BlockRows = 128;

    /// <summary>u, half the distance from 1 to the next float32.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>Gets the widest registers that this processor accelerates.</summary>
    public static LaneKind WidestLane =>
        Vector512.IsHardwareAccelerated ? LaneKind.Lane512
        : Vector256.IsHardwareAccelerated ? LaneKind.Lane256
        : Vector128.IsHardwareAccelerated ? LaneKind.Lane128
        : LaneKind.Scalar;

    /// <summary>Runs one pass.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="queries">Shape [queries, dimension].</param>
    /// <param name="sink">Receives the pairs.</param>
    /// <param name="settings">Threads, registers, progress, cancellation.</param>
    public static Task RunAsync(IRowSource source, EmbeddingMatrix queries, IPairSink sink, ScanSettings settings) =>
        settings.Lane switch
        {
            LaneKind.Lane512 => RunAsync<Lane512>(source, queries, sink, settings),
            LaneKind.Lane256 => RunAsync<Lane256>(source, queries, sink, settings),
            LaneKind.Lane128 => RunAsync<Lane128>(source, queries, sink, settings),
            _ => RunAsync<LaneScalar>(source, queries, sink, settings),
        };

    /// <summary>The bytes of a scan: packed queries, and one block with its products per thread.</summary>
    public static long EstimateMemory(long queryCount, int dimension, int threadCount) =>
        (2 * queryCount * dimension * sizeof(float))
        + ((long)threadCount * BlockRows * (dimension + 96) * sizeof(float));

    private static async Task RunAsync<TLane>(
        IRowSource source, EmbeddingMatrix queries, IPairSink sink, ScanSettings settings)
        where TLane : struct, ILane<TLane>
    {
        PackedQueries packed = new(queries, PanelKernel.TileRegisters * TLane.Count);
        QueryBounds bounds = new(queries);
        long blockCount = (source.Count + BlockRows - 1) / BlockRows;
        long nextBlock = -1;
        long scanned = 0;
        bool hasFailed = false;
        Task[] workers = new Task[(int)Math.Clamp(settings.ThreadCount, 1, Math.Max(1, blockCount))];
        for (int worker = 0; worker < workers.Length; worker++)
        {
            workers[worker] = Task.Run(
                () =>
                {
                    ScanWorker<TLane> work = new(source, packed, bounds, sink);
                    long block;
                    while (!Volatile.Read(ref hasFailed) && (block = Interlocked.Increment(ref nextBlock)) < blockCount)
                    {
                        settings.CancellationToken.ThrowIfCancellationRequested();
                        try
                        {
                            long first = block * BlockRows;
                            int rowCount = (int)Math.Min(BlockRows, source.Count - first);
                            work.ScanBlock(first, rowCount);
                            settings.Progress?.Report(Interlocked.Add(ref scanned, rowCount));
                        }
                        catch (InvalidDataException)
                        {
                            Volatile.Write(ref hasFailed, true);
                            throw;
                        }
                    }
                },
                CancellationToken.None);
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    /// <summary>The row's side of the test: h(x) and n(x).</summary>
    public static (float HalfNormSquared, float Norm) RowBounds(ReadOnlySpan<float> row)
    {
        double normSquared = DistanceKernels.NormSquared(row);
        return ((float)(0.5 * normSquared * (1 - (8 * UnitRoundoff))), RoundUp(Math.Sqrt(normSquared)));
    }

    /// <summary>The next float32 above a value, or further.</summary>
    public static float RoundUp(double value) => MathF.BitIncrement((float)value);
}
