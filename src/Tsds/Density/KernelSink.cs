using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tsds.Numerics;

namespace Tsds.Density;

/// <summary>
/// Sums kernels while a scan runs, in integers, so that a sum does not depend on the order of the threads.
/// </summary>
/// <remarks>
/// The squared distance is ‖x‖² + ‖q‖² − 2x·q, from sums in double whose products are exact; its error is below
/// 10⁻¹⁵(‖x‖² + ‖q‖²), which does not matter to the kernel unless σ² is very much smaller than the norms. There, the
/// differences themselves are squared.
/// </remarks>
internal sealed class KernelSink(EmbeddingMatrix points, double bandwidthSquared) : IPairSink
{
    /// <summary>The weight of an exact copy in the sums; each term is rounded to a multiple of 2⁻³².</summary>
    private const double Resolution = 1L << 32;

    /// <summary>
    /// The limit of ‖x‖² + ‖q‖², in units of σ², beyond which cancellation matters: at it, the error of a kernel is
    /// 10⁻⁹.
    /// </summary>
    private const double LargestRatio = 1e6;

    /// <summary>
    /// The limit of ‖x‖² + ‖q‖², in units of σ², up to which a pair that was ruled out adds nothing even if its product
    /// is computed: a distance beyond σ is then so exact that its kernel rounds to at most 0. An error below (d/8 +
    /// 8)·2⁻⁵³·(‖x‖² + ‖q‖²) times the ratio stays below half of 2⁻³² for dimensions up to 2¹⁶.
    /// </summary>
    private const double LargestRatioOfProducts = 64;
    private const int LargestDimensionOfProducts = 1 << 16;

    [ThreadStatic]
    private static double[]? _widened;

    private readonly double[] _normsSquared = DistanceKernels.NormsSquared(points);
    private readonly double _largestNormSquared =
        points.Dimension > LargestDimensionOfProducts ? double.NaN : LargestNormSquared(points);
    private readonly long[] _sums = new long[points.Count];

    public bool HasFixedLimits => true;

    public double Limit(int query) => bandwidthSquared;

    /// <inheritdoc/>
    /// <remarks>Copies are copies for every task: a density knows no costs.</remarks>
    public void Accept(in ScannedRow candidate, ReadOnlySpan<int> queries)
    {
        ReadOnlySpan<float> embedding = candidate.Embedding;
        ReadOnlySpan<float> rows = points.Values.Span;
        Span<double> products = stackalloc double[4];
        int next = 0;
        if (queries.Length >= products.Length)
        {
            ReadOnlySpan<double> widened = Widen(embedding);
            for (; next <= queries.Length - products.Length; next += products.Length)
            {
                ReadOnlySpan<int> four = queries.Slice(next, products.Length);
                DistanceKernels.Dot4(widened, rows, four, products);
                for (int n = 0; n < four.Length; n++)
                {
                    Add(four[n], embedding, candidate.NormSquared, products[n]);
                }
            }
        }

        foreach (int query in queries[next..])
        {
            Add(
                query,
                embedding,
                candidate.NormSquared,
                DistanceKernels.Dot(embedding, rows.Slice(query * embedding.Length, embedding.Length))
            );
        }
    }

    public bool TakesProducts(double normSquared) =>
        normSquared + _largestNormSquared <= LargestRatioOfProducts * bandwidthSquared;

    /// <inheritdoc/>
    /// <remarks>
    /// The formula of <see cref="Add"/>, four queries at once; sums of integers below 2⁵³ are exact in double.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AcceptProducts(
        ReadOnlySpan<double> normsSquared,
        ReadOnlySpan<double> products,
        ReadOnlySpan<int> queries
    )
    {
        int width = products.Length / normsSquared.Length;
        Span<double> norms = stackalloc double[4];
        for (int first = 0; first < queries.Length; first += norms.Length)
        {
            int count = Math.Min(norms.Length, queries.Length - first);
            for (int n = 0; n < count; n++)
            {
                norms[n] = _normsSquared[queries[first + n]];
            }

            Vector256<double> sums = SumKernels(
                normsSquared,
                products[first..],
                width,
                Vector256.Create<double>(norms)
            );
            for (int n = 0; n < count; n++)
            {
                Interlocked.Add(ref _sums[queries[first + n]], (long)sums[n]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector256<double> SumKernels(
        ReadOnlySpan<double> normsSquared,
        ReadOnlySpan<double> products,
        int width,
        Vector256<double> norms
    )
    {
        Vector256<double> bandwidths = Vector256.Create(bandwidthSquared);
        Vector256<double> sums = Vector256<double>.Zero;
        for (int n = 0; n < normsSquared.Length; n++)
        {
            Vector256<double> product = Vector256.LoadUnsafe(in products[n * width]);
            Vector256<double> distancesSquared = Vector256.Max(
                Vector256<double>.Zero,
                Vector256.Create(normsSquared[n]) + norms - (product + product)
            );
            Vector256<double> kernels = Vector256<double>.One - (distancesSquared / bandwidths);
            sums += Vector256.Round(Vector256.Max(Vector256<double>.Zero, kernels) * Vector256.Create(Resolution));
        }

        return sums;
    }

    private static double LargestNormSquared(EmbeddingMatrix points)
    {
        double[] normsSquared = DistanceKernels.NormsSquared(points);
        return normsSquared.Length == 0 ? 0 : normsSquared.Max();
    }

    private void Add(int query, ReadOnlySpan<float> candidate, double normSquared, double product)
    {
        double norms = normSquared + _normsSquared[query];
        double distanceSquared =
            norms > LargestRatio * bandwidthSquared
                ? DistanceKernels.DistanceSquared(candidate, points[query])
                : Math.Max(0, norms - (2 * product));

        // An exact copy counts in full even where the square of a tiny bandwidth underflows.
        double kernel = distanceSquared == 0 ? 1 : 1 - (distanceSquared / bandwidthSquared);
        if (kernel > 0)
        {
            Interlocked.Add(ref _sums[query], (long)Math.Round(kernel * Resolution));
        }
    }

    public double[] Densities() => Array.ConvertAll(_sums, sum => sum / Resolution);

    private static ReadOnlySpan<double> Widen(ReadOnlySpan<float> candidate)
    {
        double[]? widened = _widened;
        if (widened is null || widened.Length < candidate.Length)
        {
            _widened = widened = new double[candidate.Length];
        }

        DistanceKernels.Widen(candidate, widened);
        return widened.AsSpan(0, candidate.Length);
    }
}
