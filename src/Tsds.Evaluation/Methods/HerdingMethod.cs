using Tsds.Evaluation.Protocol;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "herding": greedy matching of the targets' distribution. After t rows it chooses argmax_i mean_j k(x_i,
/// q_j) − 1/(t + 1) Σ_{l chosen} k(x_i, x_l); the score is that value.
/// </summary>
/// <remarks>
/// k(x, y) = exp(−‖x − y‖²/2h²), h the median distance within 500 random candidates and 500 targets. No row comes
/// twice, unlike in the paper, where points are generated; of equal values the smaller id. Time N·B·d, in float32 but
/// for the rows that may be the best.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/1203.3472">Chen, Welling, Smola 2010, Super-samples from kernel herding:
/// equation 8</seealso>
internal sealed class HerdingMethod : ISelectionMethod
{
    public string Name => "herding";

    public MethodNeeds Needs => MethodNeeds.None;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        CandidateVectors.EstimateMemory(poolRows, dimension)
        + HerdingSearch.EstimateMemory(poolRows, budget, dimension)
        + (budget * 16);

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        CandidateVectors vectors = await CandidateVectors
            .LoadAsync(inputs, progress, cancellationToken)
            .ConfigureAwait(false);
        double bandwidth = await PoolStatistics
            .MeasureMedianAsync(
                inputs.Pool,
                vectors.Ids,
                inputs.Targets,
                inputs.Seed,
                inputs.ThreadCount,
                cancellationToken
            )
            .ConfigureAwait(false);
        HerdingSearch search = new(vectors, inputs, bandwidth);
        int budget = checked((int)inputs.Budget);
        long[] chosen = new long[budget];
        double[] scores = new double[budget];
        for (int rank = 0; rank < budget; rank++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int position, scores[rank]) = search.ChooseNext();
            chosen[rank] = vectors.Ids[position];
            progress?.Report(new SelectionProgress(SelectionStage.Choosing, rank + 1, budget));
        }

        return new MethodResult(chosen, scores);
    }
}
