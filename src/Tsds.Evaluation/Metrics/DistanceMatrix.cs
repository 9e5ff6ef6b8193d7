using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The Euclidean distances between all pairs of two sets of vectors, shape [rows, columns], in double.
/// </summary>
/// <remarks>
/// Each value is the root of a sum of squared differences computed in double in eight partial sums of a fixed order:
/// the same bits on any processor and any number of threads, exactly 0 between equal vectors, relative error below
/// d·2⁻⁵². Memory: 8·rows·columns bytes.
/// </remarks>
internal sealed class DistanceMatrix
{
    private readonly double[] _values;

    /// <summary>Initializes a matrix of values, which the caller must not change afterwards.</summary>
    public DistanceMatrix(double[] values, int columnCount)
    {
        _values = values;
        ColumnCount = columnCount;
        RowCount = columnCount == 0 ? 0 : values.Length / columnCount;
    }

    public int RowCount { get; }

    public int ColumnCount { get; }

    /// <summary>Gets all values, row by row.</summary>
    public ReadOnlySpan<double> Values => _values;

    public ReadOnlySpan<double> this[int row] => _values.AsSpan(row * ColumnCount, ColumnCount);

    /// <summary>Computes the distance of every pair.</summary>
    public static DistanceMatrix Between(EmbeddingMatrix rows, EmbeddingMatrix columns, int threadCount)
    {
        double[] values = new double[checked(rows.Count * columns.Count)];
        Parallel.For(
            0,
            rows.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount },
            row =>
            {
                ReadOnlySpan<float> vector = rows[row];
                Span<double> distances = values.AsSpan(row * columns.Count, columns.Count);
                for (int column = 0; column < distances.Length; column++)
                {
                    distances[column] = Math.Sqrt(DistanceSquared(vector, columns[column]));
                }
            }
        );
        return new DistanceMatrix(values, columns.Count);
    }

    /// <summary>Returns Σ (x − y)², in double, summed in an order that does not depend on the processor.</summary>
    public static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float second = ref MemoryMarshal.GetReference(y);
        Vector256<double> even = Vector256<double>.Zero;
        Vector256<double> odd = Vector256<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> xLow, Vector256<double> xHigh) = Vector256.Widen(
                Vector256.LoadUnsafe(ref first, (nuint)i)
            );
            (Vector256<double> yLow, Vector256<double> yHigh) = Vector256.Widen(
                Vector256.LoadUnsafe(ref second, (nuint)i)
            );
            Vector256<double> low = xLow - yLow;
            Vector256<double> high = xHigh - yHigh;
            even += low * low;
            odd += high * high;
        }

        double sum = Vector256.Sum(even + odd);
        for (; i < x.Length; i++)
        {
            double difference = (double)Unsafe.Add(ref first, i) - Unsafe.Add(ref second, i);
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>
    /// Returns the mean distance over pairs of different rows, for the distances of a set to itself; NaN for a single
    /// row.
    /// </summary>
    public double MeanOfPairs()
    {
        double sum = 0;
        foreach (double distance in _values)
        {
            sum += distance;
        }

        return sum / ((double)RowCount * (RowCount - 1));
    }

    /// <summary>Returns the matrix of squared values, for costs that are squared distances.</summary>
    public DistanceMatrix Squared() => new(Array.ConvertAll(_values, distance => distance * distance), ColumnCount);
}
