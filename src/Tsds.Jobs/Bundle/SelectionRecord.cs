using System.Text.Json.Serialization;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The result of a selection in a manifest.</summary>
/// <param name="Budget">The budget in rows.</param>
/// <param name="Sampling">How rows were drawn; null without a plan.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Rows">The rows, repeats counted.</param>
/// <param name="DistinctRows">The different rows.</param>
/// <param name="Tokens">What became of a budget in tokens; null if it was in rows.</param>
/// <param name="Shares">What became of caps and floors; null without a plan.</param>
/// <param name="Tasks">The tasks; empty if nobody named one, or there is no plan.</param>
/// <param name="Copies">The rows of the pool that are the same as another, which stands for them; null without a
/// plan.</param>
/// <param name="Excluded">What was left out because it repeats given rows.</param>
/// <param name="Sha256">The hash of the file of selected rows.</param>
internal sealed record SelectionRecord(
    long Budget,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SamplingMethod? Sampling,
    ulong Seed,
    long Rows,
    int DistinctRows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenRecord? Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BoundedShare>? Shares,
    IReadOnlyList<TaskShare>? Tasks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Copies,
    IReadOnlyList<ExclusionCount>? Excluded,
    string Sha256
);
