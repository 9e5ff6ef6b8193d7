using Tsds.Data.Tokens;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The selection of a job: the rows that a method chose, with the plan behind them if there is one.</summary>
internal sealed record Selection
{
    /// <summary>Gets the different rows: the first choice first, of a plan ascending.</summary>
    public required ReadOnlyMemory<long> Rows { get; init; }

    /// <summary>Gets the score of each row; null if the method chooses without scores.</summary>
    public ReadOnlyMemory<double>? Scores { get; init; }

    /// <summary>Gets the number of times each row was drawn, at least once.</summary>
    public required ReadOnlyMemory<long> Counts { get; init; }

    /// <summary>Gets the budget in rows.</summary>
    public required long Budget { get; init; }

    /// <summary>
    /// Gets the distance below which two rows are near-duplicates; 0 if they were not looked for.
    /// </summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the distance of each target to its nearest candidate.</summary>
    public required IReadOnlyList<double> NearestDistances { get; init; }

    /// <summary>
    /// Gets the distance of each target to its nearest chosen row; null if a plan says how targets are served.
    /// </summary>
    public IReadOnlyList<double>? SelectedDistances { get; init; }

    /// <summary>Gets the plan, its certificate and what was drawn from it; null if a method has none.</summary>
    public SelectionResult? Transport { get; init; }

    /// <summary>Gets the tuning of alpha; null if alpha was given, or there is no plan.</summary>
    public SelectionTuning? Tuning { get; init; }

    /// <summary>
    /// Gets the rows of the pool that are as near to a target as the targets are to one another, if the budget is
    /// larger; else null.
    /// </summary>
    public long? AlikeRows { get; init; }

    /// <summary>Gets the outcome of a budget in tokens; null if it was in rows.</summary>
    public TokenTotal? Tokens { get; init; }

    /// <summary>Gets the effects of caps and floors of sources.</summary>
    public IReadOnlyList<BoundedShare> Shares { get; init; } = [];

    /// <summary>Gets the number of rows, repeats counted.</summary>
    public long RowCount => Counts.ToArray().Sum();

    /// <summary>Returns what was drawn from a plan.</summary>
    /// <param name="result">The plan and the draw.</param>
    /// <param name="budget">The budget in rows.</param>
    public static Selection OfPlan(SelectionResult result, long budget) =>
        new()
        {
            Rows = result.CandidateIds,
            Counts = result.Counts,
            Budget = budget,
            Bandwidth = result.Bandwidth,
            NearestDistances = [.. result.Targets.Select(target => target.NearestDistance)],
            Transport = result,
        };

    /// <summary>Returns what a method chose, each row once.</summary>
    /// <param name="result">The rows.</param>
    /// <param name="budget">The budget in rows.</param>
    /// <param name="bandwidth">The distance below which two rows are near-duplicates.</param>
    /// <param name="nearestDistances">The distance of each target to its nearest candidate.</param>
    /// <param name="selectedDistances">The distance of each target to its nearest chosen row.</param>
    public static Selection OfChoice(
        MethodResult result,
        long budget,
        double bandwidth,
        IReadOnlyList<double> nearestDistances,
        IReadOnlyList<double> selectedDistances
    )
    {
        long[] counts = new long[result.CandidateIds.Length];
        Array.Fill(counts, 1);
        return new Selection
        {
            Rows = result.CandidateIds,
            Scores = result.Scores.IsEmpty ? default(ReadOnlyMemory<double>?) : result.Scores,
            Counts = counts,
            Budget = budget,
            Bandwidth = bandwidth,
            NearestDistances = nearestDistances,
            SelectedDistances = selectedDistances,
        };
    }
}
