using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Quality;

/// <summary>
/// Cross-entropy skill, (random − method)/(random − ceiling), averaged over tasks, with intervals by resampling the
/// held-out rows of each task.
/// </summary>
/// <remarks>
/// All methods meet the same resamples, so differences between methods have narrower intervals than the skills.
/// </remarks>
internal sealed class Skill
{
    private const int ResampleCount = 1_000;

    private readonly Dictionary<string, double[]> _replicates = [];

    /// <summary>Takes the skills of all methods.</summary>
    /// <param name="outcomes">All methods on all tasks at one budget.</param>
    public Skill(IReadOnlyList<Outcome> outcomes)
    {
        IGrouping<string, Outcome>[] tasks = [.. outcomes.GroupBy(outcome => outcome.Task)];
        foreach (string method in outcomes.Select(outcome => outcome.Method).Distinct())
        {
            _replicates[method] = new double[ResampleCount + 1];
        }

        for (int t = 0; t < tasks.Length; t++)
        {
            for (int resample = 0; resample <= ResampleCount; resample++)
            {
                double[] weights = Draw(tasks[t].First().Nats.Length, t, resample);
                double random = CrossEntropy(tasks[t].Single(outcome => outcome.Method == "random"), weights);
                double ceiling = CrossEntropy(
                    tasks[t].Single(outcome => outcome.Method == RightSourceMethod.Title),
                    weights
                );
                foreach (Outcome outcome in tasks[t])
                {
                    _replicates[outcome.Method][resample] +=
                        (random - CrossEntropy(outcome, weights)) / (random - ceiling) / tasks.Length;
                }
            }
        }
    }

    /// <summary>The mean skill of a method.</summary>
    public string Of(string method) => Text(_replicates[method]);

    /// <summary>How much a method is ahead of another.</summary>
    public string Difference(string method, string other) =>
        method == other ? "" : Text([.. _replicates[method].Zip(_replicates[other], (one, two) => one - two)]);

    public double Value(string method) => _replicates[method][0];

    private static string Text(double[] replicates) =>
        $"{replicates[0]:F3} [{Statistics.Quantile(replicates[1..], 0.025):F3}, "
        + $"{Statistics.Quantile(replicates[1..], 0.975):F3}]";

    /// <summary>How often each row came; number 0 is not a resample.</summary>
    private static double[] Draw(int count, int task, int resample)
    {
        double[] weights = new double[count];
        CounterRandom random = new((ulong)resample, (ulong)task);
        for (int i = 0; i < count; i++)
        {
            weights[resample == 0 ? i : (int)(random.Uniform((ulong)i) * count)]++;
        }

        return weights;
    }

    private static double CrossEntropy(Outcome outcome, double[] weights)
    {
        double nats = 0;
        double words = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            nats += weights[row] * outcome.Nats[row];
            words += weights[row] * outcome.HeldOutWords[row];
        }

        return nats / words;
    }
}
