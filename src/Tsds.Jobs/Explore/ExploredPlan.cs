using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Represents a plan of an explored selection: as it is on disk, or as it would be after changes.</summary>
internal sealed class ExploredPlan
{
    /// <summary>The name of the plan on disk.</summary>
    public const string First = "0";

    private readonly Dictionary<long, long> _counts;
    private readonly HashSet<long> _kept;

    /// <summary>Initializes a plan.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="request">What is another way than on disk.</param>
    /// <param name="spec">The specification that it follows.</param>
    /// <param name="inputs">What it was made from.</param>
    /// <param name="selection">What came out.</param>
    public ExploredPlan(string id, PlanRequest request, SelectionSpec spec, JobInputs inputs, Selection selection)
    {
        (Id, Request, Spec, Inputs, Selection) = (id, request, spec, inputs, selection);
        _counts = new Dictionary<long, long>(selection.Rows.Length);
        for (int i = 0; i < selection.Rows.Length; i++)
        {
            _counts[selection.Rows.Span[i]] = selection.Counts.Span[i];
        }

        _kept = [.. inputs.Withheld.Kept];
    }

    /// <summary>Gets its name.</summary>
    public string Id { get; }

    /// <summary>Gets the changes from the plan on disk.</summary>
    public PlanRequest Request { get; }

    /// <summary>Gets the specification that it follows.</summary>
    public SelectionSpec Spec { get; }

    /// <summary>Gets the inputs that it was made from.</summary>
    public JobInputs Inputs { get; }

    /// <summary>Gets the selection that came out.</summary>
    public Selection Selection { get; }

    /// <summary>Gets the plan and its proof; null for a method that has none.</summary>
    public SelectionResult? Transport => Selection.Transport;

    /// <summary>Gets its reached rows and its targets out of reach, as a map shows them.</summary>
    public PlanOutline Outline
    {
        get => field ??= Transport is { } result ? PlanOutline.Of(result) : PlanOutline.None;
        init;
    }

    /// <summary>Gets the milliseconds that it took.</summary>
    public double Milliseconds { get; init; }

    /// <summary>Gets the number of neighbors and densities that the pool had to be read for.</summary>
    public long Searches { get; init; }

    /// <summary>Gets the chosen rows, kept ones among them, in no order.</summary>
    public IEnumerable<long> Chosen => _counts.Keys.Concat(_kept.Where(row => !_counts.ContainsKey(row)));

    /// <summary>Gets the number of the chosen rows.</summary>
    public int ChosenCount => _counts.Count + _kept.Count(row => !_counts.ContainsKey(row));

    /// <summary>Gets the number of times a row was drawn.</summary>
    /// <param name="row">The row.</param>
    public long CountOf(long row) => _counts.GetValueOrDefault(row);

    /// <summary>Determines whether a row is chosen, drawn or kept.</summary>
    /// <param name="row">The row.</param>
    public bool IsChosen(long row) => _counts.ContainsKey(row) || _kept.Contains(row);

    /// <summary>Gets probability and density of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Null where the plan does not reach it.</returns>
    public (double Probability, double Density)? ShareOf(long row)
    {
        if (Transport is not { } plan)
        {
            return null;
        }

        int position = plan.Plan.CandidateIds.Span.BinarySearch(row);
        return position < 0 ? null : (plan.Plan.Probabilities.Span[position], plan.Plan.Densities.Span[position]);
    }

    /// <summary>Gets the number that a target has on disk, or beyond those the place among added ones.</summary>
    /// <param name="target">The number in this plan.</param>
    public int OriginalOf(int target) => OriginalTargets is { } originals ? originals[target] : target;

    /// <summary>Gets a value indicating whether a selection can be made of it; one without some targets cannot where
    /// their embeddings are combined of several files.</summary>
    public bool CanSave { get; init; } = true;

    /// <summary>Gets the numbers on disk of the targets of this plan; null where they are the same.</summary>
    public int[]? OriginalTargets { get; init; }
}
