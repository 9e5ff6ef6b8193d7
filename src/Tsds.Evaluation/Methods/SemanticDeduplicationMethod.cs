namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "semdedup": chooses the rows that repeat others of their cluster least, by
/// <see cref="SemanticDeduplication"/>; ε follows from the budget. It does not use the targets.
/// </summary>
/// <seealso href="https://arxiv.org/abs/2303.09540">Abbas et al. 2023, SemDeDup: algorithm A7</seealso>
internal sealed class SemanticDeduplicationMethod : ISelectionMethod
{
    public string Name => "semdedup";

    public MethodNeeds Needs => MethodNeeds.UnitVectors;

    public bool LooksAtTargets => false;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        SphericalKMeans.EstimateMemory(poolRows, dimension) + (40 * poolRows) + BestRows.EstimateMemory(budget);

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        return SemanticDeduplication.KeepAsync(inputs, inputs.Budget, progress, cancellationToken);
    }
}
