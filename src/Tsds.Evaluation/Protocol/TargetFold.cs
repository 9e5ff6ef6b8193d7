namespace Tsds.Evaluation.Protocol;

/// <summary>
/// One way of keeping targets back: some guide the selection, others judge it. All are positions among the targets,
/// ascending.
/// </summary>
public sealed record TargetFold
{
    /// <summary>Gets the targets that a method may look at.</summary>
    public required IReadOnlyList<int> Guide { get; init; }

    /// <summary>Gets the targets that judge; none of them in <see cref="Guide"/>.</summary>
    public required IReadOnlyList<int> HeldOut { get; init; }

    /// <summary>
    /// Gets the real examples of the task that a selection would at best resemble; none of them in
    /// <see cref="HeldOut"/>.
    /// </summary>
    /// <value>The default is <see cref="Guide"/>. More examples give a better estimate of what is possible.</value>
    public IReadOnlyList<int> Ceiling
    {
        get => field ?? Guide;
        init;
    }
}
