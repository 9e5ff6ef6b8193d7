namespace Tsds.Evaluation.Protocol;

/// <summary>
/// One split of the targets: the selection split, which a method may use, and the held-out targets, which judge it. All
/// are ascending positions among the targets.
/// </summary>
internal sealed record TargetFold
{
    /// <summary>Gets the targets of the selection split, which a method may use.</summary>
    public required IReadOnlyList<int> SelectionSplit { get; init; }

    /// <summary>
    /// Gets the held-out targets, which judge the selection; none of them is in <see cref="SelectionSplit"/>.
    /// </summary>
    public required IReadOnlyList<int> HeldOut { get; init; }

    /// <summary>
    /// Gets the oracle: real examples of the task that a selection would at best resemble; none of them is in
    /// <see cref="HeldOut"/>.
    /// </summary>
    /// <value>
    /// The default is <see cref="SelectionSplit"/>. More examples give a better estimate of what is possible.
    /// </value>
    public IReadOnlyList<int> Oracle
    {
        get => field ?? SelectionSplit;
        init;
    }
}
