using Tsds.Tasks;

namespace Tsds;

/// <summary>A task's view of a pool: what its rows cost, and how they compare with the task's targets.</summary>
public sealed class TaskView
{
    private readonly TaskDiscriminant? _discriminant;

    internal TaskView(PoolView view, TaskDiscriminant? discriminant) => (View, _discriminant) = (view, discriminant);

    /// <summary>Gets the view.</summary>
    public PoolView View { get; }

    /// <summary>
    /// Returns the share of the task's targets, by weight, that are not more relevant than a row, as
    /// <see cref="TaskRelevance.TargetShares"/> tells it of candidates.
    /// </summary>
    /// <param name="row">x', a row as seen through <see cref="View"/>.</param>
    /// <returns>From 0 to 1; null where the task has no direction.</returns>
    public double? TargetShareOf(ReadOnlySpan<float> row) => _discriminant?.TargetShareOf(_discriminant.ScoreOf(row));
}
