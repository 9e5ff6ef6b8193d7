using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>
/// An orthonormal basis of the directions in which candidates and queries differ most, leading direction first. Any
/// basis is correct; a good one rejects more pairs.
/// </summary>
internal sealed class PrincipalAxes
{
    private const int Iterations = 5;

    private readonly float[] _values;

    /// <summary>Initializes axes, and measures how far they are from orthonormal.</summary>
    /// <param name="values">Shape [count, dimension].</param>
    /// <param name="dimension">d.</param>
    public PrincipalAxes(float[] values, int dimension)
    {
        _values = values;
        Dimension = dimension;
        Count = values.Length / dimension;
        double defect = 0;
        for (int a = 0; a < Count; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = 0;
                for (int i = 0; i < dimension; i++)
                {
                    product += (double)this[a][i] * this[b][i];
                }

                double error = product - (a == b ? 1 : 0);
                defect += (a == b ? 1 : 2) * error * error;
            }
        }

        // Each coordinate is a float32 sum of d terms: off by at most γ_d‖x‖. The nearest orthonormal basis is ‖VVᵀ −
        // I‖ away, or less.
        CoordinateError = (Math.Sqrt(Count) * CandidateScan.Gamma(dimension) * 1.01) + Math.Sqrt(defect);
    }

    public int Count { get; }

    public int Dimension { get; }

    /// <summary>Gets a bound of ‖fl(Vx) − V'x‖ / ‖x‖ for the orthonormal V' nearest to V.</summary>
    public double CoordinateError { get; }

    public ReadOnlySpan<float> Values => _values;

    public ReadOnlySpan<float> this[int axis] => _values.AsSpan(axis * Dimension, Dimension);

    /// <summary>
    /// Computes axes by orthogonal iteration on the second moments of candidates and queries around the queries' mean.
    /// </summary>
    /// <param name="candidates">A sample of the pool.</param>
    /// <param name="queries">A sample of the queries; empty if the axes are to serve any queries.</param>
    /// <param name="count">How many axes.</param>
    /// <param name="threadCount">Workers; the axes do not depend on it.</param>
    /// <seealso href="https://arxiv.org/abs/0909.4061">Halko, Martinsson, Tropp 2011, section 4.5</seealso>
    public static PrincipalAxes Fit(EmbeddingMatrix candidates, EmbeddingMatrix queries, int count, int threadCount)
    {
        int dimension = candidates.Dimension;
        float[] mean = Mean(queries.Count > 0 ? queries : candidates);

        // Both count the same: candidates say where the pool is, queries what distinguishes them from one another.
        float[][] rows =
        [
            .. Center(candidates, mean, 1),
            .. Center(queries, mean, MathF.Sqrt((float)candidates.Count / Math.Max(1, queries.Count))),
        ];
        float[][] axes = new float[count][];
        uint state = 1;
        for (int a = 0; a < count; a++)
        {
            axes[a] = new float[dimension];
            for (int i = 0; i < dimension; i++)
            {
                state = (state * 1664525) + 1013904223;
                axes[a][i] = (state >> 8) * (2f / (1 << 24)) - 1;
            }
        }

        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threadCount };
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            float[][] next = new float[count][];
            Parallel.For(
                0,
                count,
                parallel,
                a =>
                {
                    next[a] = new float[dimension];
                    foreach (float[] row in rows)
                    {
                        AddScaled(next[a], row, Dot(row, axes[a]));
                    }
                }
            );
            axes = next;
            Orthonormalize(axes);
        }

        // Where rows span fewer directions than asked for, the rest vanished.
        return new PrincipalAxes(
            [.. axes.Where(axis => DistanceKernels.NormSquared(axis) > 0.5).SelectMany(Round)],
            dimension
        );
    }

    /// <summary>
    /// Rounds an axis to values that pairs of int16 can represent, so that quantized rows are projected on the same
    /// axes as the others.
    /// </summary>
    private static float[] Round(float[] axis)
    {
        float scale = StageEncoding.Scale(ScanPrecision.Int16, axis);
        return Array.ConvertAll(axis, value => MathF.Round(value / scale) * scale);
    }

    private static float[] Mean(EmbeddingMatrix rows)
    {
        float[] mean = new float[rows.Dimension];
        for (int r = 0; r < rows.Count; r++)
        {
            AddScaled(mean, rows[r], 1f / rows.Count);
        }

        return mean;
    }

    private static IEnumerable<float[]> Center(EmbeddingMatrix rows, float[] mean, float weight)
    {
        for (int r = 0; r < rows.Count; r++)
        {
            float[] centered = rows[r].ToArray();
            AddScaled(centered, mean, -1);
            for (int i = 0; i < centered.Length; i++)
            {
                centered[i] *= weight;
            }

            yield return centered;
        }
    }

    /// <summary>
    /// Orthonormalizes axes by Gram-Schmidt, twice, because once is not enough for nearly parallel directions. A
    /// direction that vanishes remains zero.
    /// </summary>
    private static void Orthonormalize(float[][] axes)
    {
        for (int a = 0; a < axes.Length; a++)
        {
            double before = Math.Sqrt(DistanceKernels.NormSquared(axes[a]));
            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < a; b++)
                {
                    AddScaled(axes[a], axes[b], -Dot(axes[a], axes[b]));
                }
            }

            double norm = Math.Sqrt(DistanceKernels.NormSquared(axes[a]));
            float inverse = norm > 1e-5 * before && norm > 1e-30 ? (float)(1 / norm) : 0;
            for (int i = 0; i < axes[a].Length; i++)
            {
                axes[a][i] *= inverse;
            }
        }
    }

    /// <summary>Returns x·y in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(x);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(y)[..a.Length];

        // Four sums that do not wait for one another.
        Vector<float> sums0 = default,
            sums1 = default,
            sums2 = default,
            sums3 = default;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            sums0 += a[i] * b[i];
            sums1 += a[i + 1] * b[i + 1];
            sums2 += a[i + 2] * b[i + 2];
            sums3 += a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++)
        {
            sums0 += a[i] * b[i];
        }

        float sum = Vector.Sum(sums0 + sums1 + (sums2 + sums3));
        for (i = a.Length * Vector<float>.Count; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(Span<float> sum, ReadOnlySpan<float> values, float scale)
    {
        Span<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < a.Length; i++)
        {
            a[i] += b[i] * scale;
        }

        for (int i = a.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i] * scale;
        }
    }
}
