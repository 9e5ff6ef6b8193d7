namespace Tsds.Quality;

/// <summary>What a selection is worth, without knowing how it was made.</summary>
/// <param name="Precision">Share of the drawn rows, repeats counted, whose source is right.</param>
/// <param name="DistinctRows">Different rows drawn.</param>
/// <param name="NearCopies">Drawn rows, repeats counted, that lie within 0.1 of a row drawn before them.</param>
/// <param name="Evenness">
/// exp of the entropy of the shares of drawn rows by nearest target, divided by the number of targets: 1 when every target gets as many rows.
/// </param>
/// <param name="Reach">
/// How near the worst served targets are served: the 90th percentile over the targets of the mean distance to the B/M nearest drawn rows; smaller is better.
/// </param>
internal sealed record Score(double Precision, int DistinctRows, long NearCopies, double Evenness, double Reach)
{
    private const double CopyDistance = 0.1;

    public static Score Of(Suite suite, SuiteTask task, IReadOnlyList<long> candidateIds, IReadOnlyList<long> counts)
    {
        long rows = counts.Sum();
        long right = 0;
        long copies = rows - candidateIds.Count;
        double[] byTarget = new double[task.Targets.Count];
        for (int i = 0; i < candidateIds.Count; i++)
        {
            int candidate = (int)candidateIds[i];
            right += task.RightSources.Contains(suite.Sources[candidate]) ? counts[i] : 0;
            ReadOnlySpan<float> embedding = suite.Pool[candidate];
            for (int j = 0; j < i; j++)
            {
                if (DistanceSquared(embedding, suite.Pool[(int)candidateIds[j]]) < CopyDistance * CopyDistance)
                {
                    copies++;
                    break;
                }
            }

            byTarget[Nearest(task.Targets, embedding)] += counts[i];
        }

        double entropy = -byTarget.Where(count => count > 0).Sum(count => count / rows * Math.Log(count / rows));
        return new Score((double)right / rows, candidateIds.Count, copies, Math.Exp(entropy) / task.Targets.Count, ReachOf(suite, task, candidateIds));
    }

    private static double ReachOf(Suite suite, SuiteTask task, IReadOnlyList<long> candidateIds)
    {
        int share = Math.Max(1, candidateIds.Count / task.Targets.Count);
        double[] means = new double[task.Targets.Count];
        Parallel.For(0, means.Length, target =>
        {
            double[] distances =
            [
                .. candidateIds.Select(id => Math.Sqrt(DistanceSquared(task.Targets[target], suite.Pool[(int)id]))).Order().Take(share),
            ];
            means[target] = distances.Average();
        });
        Array.Sort(means);
        return means[(int)(0.9 * (means.Length - 1))];
    }

    private static int Nearest(EmbeddingMatrix targets, ReadOnlySpan<float> embedding)
    {
        int nearest = 0;
        double smallest = double.PositiveInfinity;
        for (int i = 0; i < targets.Count; i++)
        {
            double distance = DistanceSquared(embedding, targets[i]);
            if (distance < smallest)
            {
                (nearest, smallest) = (i, distance);
            }
        }

        return nearest;
    }

    private static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = x[i] - y[i];
            sum += difference * difference;
        }

        return sum;
    }
}
