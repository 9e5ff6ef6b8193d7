using Tsds.Sampling;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The sliced Wasserstein distance: the mean over random directions of W1 between the projections of two sets.
/// </summary>
/// <remarks>
/// From 0 (equal sets) to W1. On a line the sorted coupling is optimal: W1 = ∫ |F⁻¹(q) − G⁻¹(q)| dq. Directions are
/// uniform on the sphere and come from the seed; with L of them the error against the mean over all directions has
/// standard deviation at most W1/√L.
/// </remarks>
/// <seealso href="https://doi.org/10.1007/s10851-014-0506-3">Bonneel et al. 2015, Sliced and Radon Wasserstein
/// barycenters of measures</seealso>
internal static class SlicedWasserstein
{
    public const int DirectionCount = 500;

    /// <summary>Computes the distance of two sets of equally weighted points.</summary>
    /// <param name="first">Shape [n, dimension], n ≥ 1.</param>
    /// <param name="second">Shape [m, dimension], m ≥ 1.</param>
    /// <param name="seed">Of the directions.</param>
    /// <param name="threadCount">Threads; the result does not depend on it.</param>
    public static double Of(EmbeddingMatrix first, EmbeddingMatrix second, ulong seed, int threadCount)
    {
        double[] costs = new double[DirectionCount];
        Parallel.For(
            0,
            costs.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount },
            direction =>
            {
                double[] axis = Direction(first.Dimension, new CounterRandom(seed, (ulong)direction));
                costs[direction] = OnTheLine(Project(first, axis), Project(second, axis));
            }
        );
        return costs.Average();
    }

    /// <summary>Returns W1 of two sets of equally weighted numbers, both sorted.</summary>
    public static double OnTheLine(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        // In units of 1/(nm), so that the ends of equal steps meet exactly.
        long firstLeft = second.Length;
        long secondLeft = first.Length;
        int i = 0;
        int j = 0;
        double sum = 0;
        while (i < first.Length && j < second.Length)
        {
            long moved = Math.Min(firstLeft, secondLeft);
            sum += moved * Math.Abs(first[i] - second[j]);
            firstLeft -= moved;
            secondLeft -= moved;
            if (firstLeft == 0)
            {
                (i, firstLeft) = (i + 1, second.Length);
            }

            if (secondLeft == 0)
            {
                (j, secondLeft) = (j + 1, first.Length);
            }
        }

        return sum / ((double)first.Length * second.Length);
    }

    private static double[] Direction(int dimension, CounterRandom random)
    {
        double[] axis = new double[dimension];
        double squares = 0;
        for (int i = 0; i < dimension; i++)
        {
            // Box and Muller; 1 − u is never 0.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.Uniform(2 * (ulong)i)));
            axis[i] = radius * Math.Cos(2 * Math.PI * random.Uniform((2 * (ulong)i) + 1));
            squares += axis[i] * axis[i];
        }

        double length = Math.Sqrt(squares);
        return Array.ConvertAll(axis, value => value / length);
    }

    private static double[] Project(EmbeddingMatrix points, double[] axis)
    {
        double[] projected = new double[points.Count];
        for (int row = 0; row < projected.Length; row++)
        {
            ReadOnlySpan<float> point = points[row];
            double sum = 0;
            for (int i = 0; i < axis.Length; i++)
            {
                sum += point[i] * axis[i];
            }

            projected[row] = sum;
        }

        Array.Sort(projected);
        return projected;
    }
}
