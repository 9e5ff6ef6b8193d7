namespace Tsds;

/// <summary>One report of progress.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units done so far in this stage's current pass.</param>
/// <param name="Total">Units in all, or null if it is not known yet.</param>
public readonly record struct SelectionProgress(SelectionStage Stage, long Done, long? Total)
{
    /// <summary>Creates a receiver of counts that reports each as progress of one stage.</summary>
    /// <param name="progress">The receiver of progress, or null.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="total">The units in all.</param>
    /// <returns>The receiver of counts, or null if <paramref name="progress"/> is null.</returns>
    public static IProgress<long>? OfStage(IProgress<SelectionProgress>? progress, SelectionStage stage, long total) =>
        progress is null ? null : new StageProgress(progress, stage, total);

    private sealed class StageProgress(IProgress<SelectionProgress> progress, SelectionStage stage, long total)
        : IProgress<long>
    {
        public void Report(long value) => progress.Report(new SelectionProgress(stage, value, total));
    }
}
