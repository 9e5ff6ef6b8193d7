using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// The measure of how well the targets of a task know each other in an embedding, which does not depend on its kind.
/// </summary>
/// <param name="Task">The task, or null where there is one that nobody named.</param>
/// <param name="Percentile">The share of the pool's rows that lie nearer to the other targets than a held-out target
/// does, the mean over targets: near 0 where targets are alike, 0.5 where they know nothing of each other.</param>
/// <param name="StandardError">Its standard error over the targets.</param>
/// <remarks>It is taken from at most 4,000 rows of the pool and 400 targets, chosen by their numbers alone.</remarks>
public sealed record TaskAcquaintance(string? Task, double Percentile, double StandardError)
{
    private const int MostRows = 4_000;
    private const int MostTargets = 400;

    /// <summary>
    /// The percentile above which targets do not look alike: more than twice that of the least alike task of the
    /// suites of docs/evidence.md, and two fifths of what chance gives.
    /// </summary>
    private const double PoorPercentile = 0.2;

    /// <summary>
    /// Gets a value indicating whether the targets do not look alike to the embedder, beyond the chance of so few.
    /// </summary>
    public bool IsPoor => Percentile - (2 * StandardError) > PoorPercentile;

    /// <summary>Measures the targets of each task.</summary>
    /// <param name="context">The job.</param>
    /// <param name="inputs">Pool and targets.</param>
    /// <returns>The tasks of several targets; those of one alone cannot be measured.</returns>
    internal static async Task<IReadOnlyList<TaskAcquaintance>> MeasureAsync(JobContext context, JobInputs inputs)
    {
        TargetInputs targets = inputs.Targets;
        int[][] tasks =
        [
            .. Enumerable
                .Range(0, targets.Count)
                .GroupBy(target => targets.Tasks?.NumberOfEach[target] ?? 0)
                .OrderBy(task => task.Key)
                .Select(task => task.ToArray())
                .Where(task => task.Length >= TargetAcquaintance.FewestTargets),
        ];
        if (tasks.Length == 0)
        {
            return [];
        }

        long[] ids = [.. HashSample.OfRange(inputs.Candidates.Count, MostRows, 0).Select(inputs.Candidates.IdAt)];
        EmbeddingMatrix rows = await inputs
            .Candidates.ReadEmbeddingsAsync(ids, context.Cancellation)
            .ConfigureAwait(false);
        return [.. tasks.Select(MeasureOne)];

        TaskAcquaintance MeasureOne(int[] task)
        {
            int[] few = [.. HashSample.OfRange(task.Length, MostTargets, 0).Select(position => task[position])];
            TargetAcquaintance known = TargetAcquaintance.Measure(
                targets.Embeddings.Gather(few),
                rows,
                context.Options.ThreadCount,
                context.Cancellation
            );
            return new TaskAcquaintance(targets.Tasks?.NameOf(few[0]), known.Mean, known.StandardError);
        }
    }
}
