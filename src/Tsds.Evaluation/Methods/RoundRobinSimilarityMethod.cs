namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "rds+": each target ranks the rows by similarity, and the targets choose their next row in turn until the
/// budget is reached. The score is the similarity.
/// </summary>
/// <remarks>
/// A row that another target chose before consumes the turn, as in the published code; with refill the target moves on
/// to its next row that is free. The published method uses position-weighted hidden states of the model that is to be
/// trained as embeddings: bring them as vectors; with any other embedding this is its selection rule alone.
/// </remarks>
/// <param name="refills">True if a target whose next row is already chosen moves on to its next free row.</param>
/// <seealso href="https://arxiv.org/abs/2503.01807">Ivison et al. 2025, Large-scale data selection for instruction
/// tuning: algorithm 1</seealso>
internal sealed class RoundRobinSimilarityMethod(bool refills) : ISelectionMethod
{
    public string Name => refills ? "rds+refill" : "rds+";

    public MethodNeeds Needs => MethodNeeds.UnitVectors;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension)
    {
        long depth = Math.Min(poolRows, 2 * RoundRobin.FirstDepthOf(budget, (int)Math.Max(targetRows, 1)));
        return CandidatePool.EstimateMemory(targetRows, depth, dimension, Environment.ProcessorCount)
            + (16 * targetRows * depth);
    }

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        for (long depth = RoundRobin.FirstDepthOf(inputs.Budget, inputs.Targets.Count); ; depth *= 2)
        {
            RankedList[] lists = await SimilarRows
                .RankAsync(inputs, depth, progress, cancellationToken)
                .ConfigureAwait(false);
            if (RoundRobin.TryTake(lists, inputs.Budget, refills) is { } result)
            {
                return result;
            }
        }
    }
}
