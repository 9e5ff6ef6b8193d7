namespace Tsds.Evaluation.Protocol;

/// <summary>Which way a metric is better.</summary>
public enum MetricDirection
{
    /// <summary>The metric describes, it does not judge.</summary>
    Neither,

    /// <summary>Smaller is better.</summary>
    Smaller,

    /// <summary>Larger is better.</summary>
    Larger,
}
