namespace Tsds.Evaluation.Protocol;

/// <summary>A group of metrics that compare rows with held-out targets and share work.</summary>
internal interface IHeldOutMetrics
{
    /// <summary>Gets the name and direction of each metric.</summary>
    IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; }

    /// <summary>
    /// Gets a value indicating whether the metrics count words rather than rows; then the subsample of a whole
    /// selection still depends on its order.
    /// </summary>
    bool CountsWords { get; }

    /// <summary>
    /// Does the work that does not depend on the resample, and returns for each metric a function of the resample.
    /// </summary>
    /// <returns>
    /// One function for each definition: the value under resample r of the targets, 0 for the targets as they are.
    /// </returns>
    IReadOnlyList<Func<int, double>> Prepare(Subsample rows);
}
