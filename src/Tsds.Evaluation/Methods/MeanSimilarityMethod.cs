namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "mean-sim": chooses the rows most similar to the targets on average, score_i = mean_j s_ij = ⟨x_i, mean_j
/// q_j⟩.
/// </summary>
/// <remarks>Also the graph-cut mutual information of submodlib, which is the same sum.</remarks>
/// <seealso href="https://arxiv.org/abs/2202.10680">Kaushal et al. 2022, Submodlib: GCMI</seealso>
internal sealed class MeanSimilarityMethod : ISelectionMethod
{
    public string Name => "mean-sim";

    public MethodNeeds Needs => MethodNeeds.None;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        CandidateScoring.EstimateMemory(dimension) + BestRows.EstimateMemory(budget);

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        TargetMeans means = new(inputs.Targets);
        return CandidateScoring.SelectBestAsync(inputs, means.LargestSimilarity, progress, cancellationToken);
    }
}
