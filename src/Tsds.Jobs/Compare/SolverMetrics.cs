using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>
/// Metrics of the plans behind a method's selections: optimality, reach, and dependence on single targets.
/// </summary>
internal static class SolverMetrics
{
    /// <summary>Returns the means over the folds.</summary>
    /// <param name="plans">The selection of each fold.</param>
    public static IEnumerable<MetricValue> Of(IReadOnlyList<SelectionResult> plans)
    {
        if (plans.Count == 0)
        {
            yield break;
        }

        double[][] influences = [.. plans.Select(plan => TargetInfluence.Of(plan.Plan, plan.Targets.Count))];
        yield return Mean("primal", plan => plan.Certificate.Primal);
        yield return Mean("dual", plan => plan.Certificate.Dual);
        yield return Mean("gap", plan => plan.Certificate.Gap);
        yield return Value("relativeGap", plans.Max(plan => Math.Abs(plan.Certificate.RelativeGap)));
        yield return Value("certified", plans.Count(plan => plan.Certificate.IsCertified) / (double)plans.Count);
        yield return Mean("tradeoff", plan => plan.Tradeoff);
        yield return Mean("tradeoffSensitivity", plan => TradeoffSensitivity.Of(plan.Path, plan.TransportCost));
        yield return Mean("effectiveNeighbors", plan => plan.EffectiveNeighbors ?? double.NaN);
        yield return Mean(
            "neighborsUsedMedian",
            plan => Statistics.Quantile([.. plan.Targets.Select(target => (double)target.NeighborsUsed)], 0.5)
        );
        yield return Value("neighborsUsedMax", plans.Max(plan => plan.Targets.Max(target => target.NeighborsUsed)));
        yield return Mean("unreachableTargets", UnreachableTargets);
        yield return Value("targetInfluence", influences.Average(fold => fold.Average()));
        yield return Value("targetInfluenceMax", influences.Max(fold => fold.Max()));

        MetricValue Mean(string name, Func<SelectionResult, double> value) => Value(name, plans.Average(value));
    }

    /// <summary>Creates a metric that has no values for random rows and real targets.</summary>
    public static MetricValue Value(string name, double value) =>
        new()
        {
            Name = name,
            Better = MetricDirection.Neither,
            Value = value,
        };

    /// <summary>
    /// Returns the share of targets whose nearest candidate lies beyond the median water level of all targets.
    /// </summary>
    private static double UnreachableTargets(SelectionResult plan)
    {
        double median = Statistics.Quantile([.. plan.Targets.Select(target => target.WaterLevel)], 0.5);
        return plan.Targets.Count(target => target.NearestDistance > median);
    }
}
