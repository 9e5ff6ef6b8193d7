using Tsds.Data.Tokens;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>A selection, and what became of the constraints on it.</summary>
/// <param name="Result">The selection.</param>
/// <param name="Tuning">How alpha was chosen, or null where it was given.</param>
/// <param name="BudgetRows">The budget in rows.</param>
/// <param name="Tokens">What became of a budget in tokens, or null.</param>
/// <param name="Shares">What became of caps and floors.</param>
internal sealed record SelectionOutcome(
    SelectionResult Result,
    SelectionTuning? Tuning,
    long BudgetRows,
    TokenTotal? Tokens,
    IReadOnlyList<BoundedShare> Shares
);
