namespace Tsds;

/// <summary>
/// The settings of a draw whose size is counted in costs instead of rows, or that bounds the shares of groups.
/// </summary>
public sealed record DrawOptions
{
    /// <summary>Gets the size of the draw: the sum of the costs drawn.</summary>
    /// <value>Finite and positive.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public required double Total
    {
        get;
        init
        {
            ThrowHelper.ThrowIfNotFiniteOrNotPositive(value, nameof(Total));
            field = value;
        }
    }

    /// <summary>
    /// Gets the cost of each candidate of the plan, in the plan's order; null for 1 each, so that <see cref="Total"/>
    /// counts rows.
    /// </summary>
    /// <value>Not negative. The default is null.</value>
    public IReadOnlyList<long>? Costs { get; init; }

    /// <summary>Gets the groups; candidates of one that has no bounds may go into a group of all others.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<DrawGroup> Groups { get; init; } = [];

    /// <summary>
    /// Gets the position in <see cref="Groups"/> of each candidate of the plan; null if there are no groups.
    /// </summary>
    public IReadOnlyList<int>? GroupOf { get; init; }

    /// <summary>
    /// Gets the sampling method: <see cref="SamplingMethod.Distinct"/> or <see cref="SamplingMethod.Top"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another method, in which a row may come twice.</exception>
    public SamplingMethod Sampling
    {
        get;
        init
        {
            if (value is not (SamplingMethod.Distinct or SamplingMethod.Top))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(Sampling),
                    value,
                    "Expected distinct or top: shares and costs are kept by draws in which no row comes twice."
                );
            }

            field = value;
        }
    }

    /// <summary>Gets the seed of the draw.</summary>
    public ulong Seed { get; init; }

    internal void CheckAgainst(int candidateCount)
    {
        if (Costs is { } costs && (costs.Count != candidateCount || costs.Any(cost => cost < 0)))
        {
            throw new ArgumentException(
                $"Expected a cost, not negative, for each of the plan's {candidateCount} candidates, found "
                    + $"{costs.Count}."
            );
        }

        if (
            (GroupOf is null) != (Groups.Count == 0)
            || (
                GroupOf is { } groupOf
                && (groupOf.Count != candidateCount || groupOf.Any(group => group < 0 || group >= Groups.Count))
            )
        )
        {
            throw new ArgumentException(
                $"Expected one of {Groups.Count} groups for each of the plan's {candidateCount} candidates, "
                    + $"found other positions."
            );
        }

        if (
            Groups.FirstOrDefault(group => !(group.Least >= 0 && group.Least <= group.Most && group.Most <= 1)) is
            { } wrong
        )
        {
            throw new ArgumentException(
                $"Expected shares 0 <= least <= most <= 1 for '{wrong.Name}', found {wrong.Least} and {wrong.Most}."
            );
        }
    }
}
