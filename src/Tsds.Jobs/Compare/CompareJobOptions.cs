using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>The settings of a comparison: inputs, methods and judging.</summary>
public sealed record CompareJobOptions
{
    /// <summary>
    /// Gets pool, targets, budget, output folder, embedding, machine, and the settings of <c>tsds</c>.
    /// </summary>
    /// <remarks>
    /// The budget is in rows or a share of the pool. Caps, floors and kept rows are not part of a comparison.
    /// </remarks>
    public required SelectionJobOptions Job { get; init; }

    /// <summary>
    /// Gets the methods by name; empty for all whose inputs are there. <c>tsds</c> is always one of them.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>
    /// Gets files of rows that should not be chosen; the share of rows of a selection that repeat one is its leak rate.
    /// Nothing is left out for them.
    /// </summary>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <summary>
    /// Gets their ready-made embeddings; where <see cref="Test"/> is given too, vector i belongs to row i.
    /// </summary>
    public IReadOnlyList<string> TestVectors { get; init; } = [];

    /// <summary>
    /// Gets the field of the targets' rows that says what belongs together, such as a conversation, a name or a dotted
    /// path; or null to use the known fields of each row.
    /// </summary>
    public string? GroupField { get; init; }

    /// <summary>
    /// Gets the number of seeds that each method selects with, to show how far chance decides; the first selection is
    /// judged.
    /// </summary>
    /// <value>At least 1. The default is 1, which shows nothing.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int SeedCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(SeedCount));
            field = value;
        }
    } = 1;

    /// <summary>Gets a value indicating whether the slow metrics are taken too.</summary>
    public bool IsDetailed { get; init; }

    /// <summary>Gets a value indicating whether <c>report.html</c> is written, a page that shows the scores.</summary>
    /// <value>The default is true.</value>
    public bool HasReport { get; init; } = true;
}
