namespace Tsds.Evaluation.Protocol;

/// <summary>Metrics that share their work and compare rows with held-out targets.</summary>
internal interface IHeldOutMetrics
{
    /// <summary>Gets name and direction of each.</summary>
    IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; }

    /// <summary>
    /// Gets whether words count, not rows: then the subsample of a whole selection still depends on its order.
    /// </summary>
    bool CountsWords { get; }

    /// <summary>Does what does not depend on the resample.</summary>
    /// <returns>
    /// One function for each definition: the value under resample r of the targets, 0 for the targets as they are.
    /// </returns>
    IReadOnlyList<Func<int, double>> Prepare(Subsample rows);
}
