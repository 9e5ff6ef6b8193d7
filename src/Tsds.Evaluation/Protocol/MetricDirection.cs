namespace Tsds.Evaluation.Protocol;

/// <summary>The direction in which a metric is better.</summary>
internal enum MetricDirection
{
    /// <summary>The metric describes and does not judge.</summary>
    Neither,

    /// <summary>Smaller is better.</summary>
    Smaller,

    /// <summary>Larger is better.</summary>
    Larger,
}
