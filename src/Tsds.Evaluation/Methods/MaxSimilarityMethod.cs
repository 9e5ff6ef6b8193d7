using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Methods;

/// <summary>The method "max-sim": chooses the rows most similar to any one target, score_i = max_j s_ij.</summary>
/// <seealso href="https://arxiv.org/abs/2503.01807">Ivison et al. 2025, Large-scale data selection for instruction
/// tuning, where rows of one task are ranked so</seealso>
internal sealed class MaxSimilarityMethod : ISelectionMethod
{
    public string Name => "max-sim";

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
        return CandidateScoring.SelectBestAsync(
            inputs,
            row => Similarity.Largest(row, inputs.Targets),
            progress,
            cancellationToken
        );
    }
}
