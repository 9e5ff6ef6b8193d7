using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// Streams candidates past packed queries once and reports every pair whose squared distance may be within the query's
/// limit. It is only a filter: it may report pairs beyond the limit, but never misses one within it.
/// </summary>
/// <remarks>
/// <para>
/// ‖x − q‖² ≤ D exactly when ½‖x‖² − x·q ≤ (D − ‖q‖²)/2. The filter knows x·q only up to a bound. At each stage of its
/// cascade x and q are seen as vectors x', q' with x·q ≤ x'·q' (<see cref="ScanStage"/>), stored as s(x)x̂ and s(q)q̂
/// with ‖x' − s(x)x̂‖ ≤ e(x), ‖q' − s(q)q̂‖ ≤ e(q) (<see cref="StageEncoding"/>). Cauchy-Schwarz gives x'·q' ≤
/// s(x)s(q)·x̂·q̂ + e(x)‖q‖ + (‖x‖ + e(x))e(q), and a pair is ruled out when
/// </para>
/// <code>s(x)s(q)·x̂·q̂ + L(q) &lt; ½‖x‖²(1 − 8u) − e(x)‖q‖ − (‖x‖ + e(x))e(q)</code>
/// <para>
/// with u = 2⁻²⁴; L(q) = (D − ‖q‖²)/2 raised by 4u of itself and by 2⁻⁴⁰(D + ‖q‖²); the right side computed in double
/// and rounded down; and e(q) holding, beside the encoding, 16u‖q‖ for the roundings of the left side and γ_d‖q‖ where
/// the product itself is rounded, γ_n = n·u/(1 − n·u) (Higham, Accuracy and Stability of Numerical Algorithms, section
/// 3.1: fused or not, in any order). A comparison with NaN is false and keeps the pair. Norms below 10⁻⁹ keep every
/// pair, because products of the scales could leave the range of float32; rows beyond 10¹⁸ are refused
/// (<see cref="IRowSource"/>).
/// </para>
/// <para>
/// Where candidates have costs, b(x) ≥ 0 is added to every squared distance of x: ‖x‖² + b(x), or a lower bound of it,
/// takes the place of ‖x‖² on the right side. It is as if x had one more coordinate √b(x) that is 0 for queries, so
/// that what is said of groups of queries, by the triangle inequality, holds as well.
/// </para>
/// </remarks>
internal static class CandidateScan
{
    /// <summary>The unit roundoff u of float32: half the distance from 1 to the next float32.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>The smallest norm, apart from 0, at which pairs are ruled out.</summary>
    public const double SmallestNorm = 1e-9;

    /// <summary>
    /// The largest number of rows of a block, a multiple of the tile. A block stays in the second-level cache while all
    /// panels pass.
    /// </summary>
    private const int LargestBlock = 192;

    /// <summary>The largest number of elements of a block.</summary>
    private const int BlockElements = 96 * 1024;

    /// <summary>The number of candidates or panels below which axes do not pay.</summary>
    private const int SmallestCascade = 32_768;
    private const int FewestPanels = 4;

    /// <summary>The number of candidates below which int8 does not pay.</summary>
    private const int SmallestInt8 = 2_048;
    private const int SampledCandidates = 1_024;
    private const int SampledQueries = 512;

    /// <summary>
    /// The numbers of leading axes of the short views, which have 16 and 64 elements with the residual.
    /// </summary>
    private static readonly int[] AxisCounts = [15, 63];

    /// <summary>Gets the widest registers that this processor accelerates.</summary>
    public static RegisterKind WidestLane =>
        Vector512.IsHardwareAccelerated ? RegisterKind.Register512
        : Vector256.IsHardwareAccelerated ? RegisterKind.Register256
        : Vector128.IsHardwareAccelerated ? RegisterKind.Register128
        : RegisterKind.Scalar;

    /// <summary>Gets the arithmetic that is faster on this processor.</summary>
    public static ScanPrecision FastestPrecision =>
        System.Runtime.Intrinsics.X86.Sse2.IsSupported ? ScanPrecision.Int16 : ScanPrecision.Float32;

    /// <summary>Runs one pass over the candidates.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="queries">Shape [queries, dimension].</param>
    /// <param name="sink">Receives the pairs.</param>
    /// <param name="settings">Threads, registers, arithmetic, progress, cancellation.</param>
    public static Task RunAsync(IRowSource source, EmbeddingMatrix queries, IPairSink sink, ScanSettings settings) =>
        (settings.Lane, settings.Precision) switch
        {
            (RegisterKind.Register512, ScanPrecision.Int16) => RunAsync<
                Register512<Int16Arithmetic>,
                Register512<Int8Arithmetic>
            >(source, queries, sink, settings),
            (RegisterKind.Register256, ScanPrecision.Int16) => RunAsync<
                Register256<Int16Arithmetic>,
                Register256<Int8Arithmetic>
            >(source, queries, sink, settings),
            (RegisterKind.Register128, ScanPrecision.Int16) => RunAsync<
                Register128<Int16Arithmetic>,
                Register128<Int8Arithmetic>
            >(source, queries, sink, settings),
            (_, ScanPrecision.Int16) => RunAsync<RegisterScalar<Int16Arithmetic>, RegisterScalar<Int8Arithmetic>>(
                source,
                queries,
                sink,
                settings
            ),
            (RegisterKind.Register512, _) => RunAsync<Register512<Float32Arithmetic>, Register512<Int8Arithmetic>>(
                source,
                queries,
                sink,
                settings
            ),
            (RegisterKind.Register256, _) => RunAsync<Register256<Float32Arithmetic>, Register256<Int8Arithmetic>>(
                source,
                queries,
                sink,
                settings
            ),
            (RegisterKind.Register128, _) => RunAsync<Register128<Float32Arithmetic>, Register128<Int8Arithmetic>>(
                source,
                queries,
                sink,
                settings
            ),
            _ => RunAsync<RegisterScalar<Float32Arithmetic>, RegisterScalar<Int8Arithmetic>>(
                source,
                queries,
                sink,
                settings
            ),
        };

    /// <summary>
    /// Returns the memory of a scan in bytes: queries packed for each stage, and per thread a block with its views and
    /// products.
    /// </summary>
    public static long EstimateMemory(long queryCount, int dimension, int threadCount) =>
        (queryCount * (dimension + 256L) * 2 * sizeof(float))
        + (
            threadCount
            * (
                (BlockRows(dimension) * ((2L * dimension) + 384) * sizeof(float))
                + ExactProducts.EstimateMemory(dimension, BlockRows(dimension))
            )
        )
        + ((SampledCandidates + SampledQueries) * (long)dimension * sizeof(float));

    /// <summary>Returns the error bound γ_n of n roundings, and a few more.</summary>
    public static double Gamma(int terms)
    {
        double roundings = (terms + 8) * UnitRoundoff;
        return roundings / (1 - roundings);
    }

    /// <summary>Returns a float32 above a value.</summary>
    public static float RoundUp(double value) => MathF.BitIncrement((float)value);

    private static int BlockRows(int dimension) =>
        Math.Clamp(BlockElements / dimension, 2 * PanelKernel.TileRows, LargestBlock)
        / PanelKernel.TileRows
        * PanelKernel.TileRows;

    private static async Task RunAsync<TLane, TCoarse>(
        IRowSource source,
        EmbeddingMatrix queries,
        IPairSink sink,
        ScanSettings settings
    )
        where TLane : struct, ISimdRegister<TLane>
        where TCoarse : struct, ISimdRegister<TCoarse>
    {
        int width = PanelKernel.TileRegisters * TLane.Count;
        ScanStage[] levels = CreateLevels(source, queries, width, TLane.Precision, settings);
        double rowError = StageEncoding.LargestRelativeError(TLane.Precision, source.Dimension);
        if (TLane.Precision == ScanPrecision.Int16 && source.Quantized is { } quantized)
        {
            rowError = quantized.LargestRelativeError;
        }

        ScanQueries packed = new(queries, levels, width, rowError);
        for (int panel = 0; panel < packed.PanelCount; panel++)
        {
            packed.UpdateLevels(panel, sink);
        }

        int blockRows = BlockRows(source.Dimension);
        long blockCount = (source.Count + blockRows - 1) / blockRows;
        long nextBlock = -1;
        long scanned = 0;
        bool hasFailed = false;
        Task[] workers = new Task[(int)Math.Clamp(settings.ThreadCount, 1, Math.Max(1, blockCount))];
        for (int worker = 0; worker < workers.Length; worker++)
        {
            workers[worker] = Task.Run(
                () =>
                {
                    ScanWorker<TLane, TCoarse> work = new(source, levels, packed, sink, blockRows, settings.Shortcuts);
                    long block;
                    while (!Volatile.Read(ref hasFailed) && (block = Interlocked.Increment(ref nextBlock)) < blockCount)
                    {
                        settings.CancellationToken.ThrowIfCancellationRequested();
                        try
                        {
                            long first = block * blockRows;
                            int rowCount = (int)Math.Min(blockRows, source.Count - first);
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
                CancellationToken.None
            );
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private static ScanStage[] CreateLevels(
        IRowSource source,
        EmbeddingMatrix queries,
        int width,
        ScanPrecision precision,
        ScanSettings settings
    )
    {
        ScanStage full = ScanStage.Full(source.Dimension, precision);
        bool isForced = settings.Shortcuts == ScanShortcuts.Always;
        int[] axisCounts = [.. AxisCounts.Where(count => (isForced ? 1 : 4) * (count + 1) <= source.Dimension)];
        bool paysInt8 = source.Count >= SmallestInt8 && queries.Count > width;
        ScanStage[] last =
            precision == ScanPrecision.Int16 && source.Quantized is null && (paysInt8 || isForced)
                ? [ScanStage.Full(source.Dimension, ScanPrecision.Int8), full]
                : [full];
        if (settings.Shortcuts == ScanShortcuts.Never)
        {
            return [full];
        }

        bool pays = source.Count >= SmallestCascade && queries.Count > (FewestPanels - 1) * width;
        if (axisCounts.Length == 0 || !(pays || isForced))
        {
            return last;
        }

        PrincipalAxes axes = PrincipalAxes.Fit(
            RowSample.Read(source, SampledCandidates),
            Strided(queries),
            axisCounts[^1],
            settings.ThreadCount
        );

        // The shortest view stays as it is: groups are compared in it, and its test costs more than its product.
        return
        [
            .. axisCounts
                .Where(count => count <= axes.Count)
                .Select(count =>
                    ScanStage.Leading(
                        axes,
                        count,
                        count > AxisCounts[0] && precision == ScanPrecision.Int16 ? ScanPrecision.Int8 : precision
                    )
                ),
            .. last,
        ];
    }

    private static EmbeddingMatrix Strided(EmbeddingMatrix queries)
    {
        int count = Math.Min(SampledQueries, queries.Count);
        int[] indexes = new int[count];
        for (int i = 0; i < count; i++)
        {
            indexes[i] = (int)((long)i * queries.Count / count);
        }

        return queries.Gather(indexes);
    }
}
