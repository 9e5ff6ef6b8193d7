namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "less": chooses the rows whose gradients point in the direction of a task's gradients, score_i = max over
/// tasks m of mean_{j in m} Σ_c w_c ⟨G_c(x_i), V_c(q_j)⟩.
/// </summary>
/// <remarks>
/// Embeddings are the gradient features of LESS, normalized row by row; several checkpoints are combined by their
/// learning rates as <see cref="VectorSource"/> does, so that the inner product of two combined rows is the sum over
/// checkpoints. Making the features (LoRA, Adam-preconditioned, projected to 8,192 numbers) is not part of this.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2402.04333">Xia et al. 2024, LESS: definition 3.1 and section 4.2</seealso>
internal sealed class LessMethod : ISelectionMethod
{
    public string Name => "less";

    public MethodNeeds Needs => MethodNeeds.GradientFeatures;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        CandidateScoring.EstimateMemory(dimension) + BestRows.EstimateMemory(budget);

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        TargetMeans means = new(inputs.Targets, inputs.TargetTasks);
        return CandidateScoring.SelectBestAsync(inputs, means.LargestSimilarity, progress, cancellationToken);
    }
}
