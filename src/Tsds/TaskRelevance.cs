namespace Tsds;

/// <summary>
/// The relevance of the candidates of a plan to one task: the second part of their distances, and its meaning.
/// </summary>
/// <remarks>
/// The distance of target i of this task from candidate j is d_ij = √(‖q_i − x_j‖² + b_j), b_j =
/// <see cref="Costs"/>[j]; the first part is d_ij² − b_j. Source: docs/method.md, section "Relevance".
/// </remarks>
public sealed class TaskRelevance
{
    internal TaskRelevance() { }

    /// <summary>
    /// Gets the task, by its number in <see cref="SelectionOptions.TargetTasks"/>; 0 where there is one.
    /// </summary>
    public required int Task { get; init; }

    /// <summary>
    /// Gets the share of λ that this task's targets bear out, max(0, 1 − W/(m·D²)): from 0, for a task whose targets do
    /// not differ from the pool by more than the chance of so few, to 1.
    /// </summary>
    /// <value>0 where the task has no direction; all costs are 0 then.</value>
    public required double Reliability { get; init; }

    /// <summary>
    /// Gets b_j of <see cref="TransportPlan.CandidateIds"/>: what relevance adds to squared distances.
    /// </summary>
    /// <value>Not negative, in squared units of distance; 0 from the median target on.</value>
    public required ReadOnlyMemory<double> Costs { get; init; }

    /// <summary>
    /// Gets the relevance of <see cref="TransportPlan.CandidateIds"/>, (r_j − r_P)/(r_Q − r_P): 1 is that of the median
    /// target, 0 that of the pool on average.
    /// </summary>
    /// <value>Any number; NaN where the task has no direction.</value>
    public required ReadOnlyMemory<double> Scores { get; init; }

    /// <summary>
    /// Gets the share of the task's targets, by weight, that are not more relevant than each of
    /// <see cref="TransportPlan.CandidateIds"/>: 0.84 is "as relevant as 84 % of your targets".
    /// </summary>
    /// <remarks>
    /// Of five folds of the targets each is judged by the others: the direction is made of the targets, which lie
    /// farther along it than rows that had no part in it.
    /// </remarks>
    /// <value>From 0 to 1; NaN where the task has no direction.</value>
    public required ReadOnlyMemory<double> TargetShares { get; init; }
}
