using System.Runtime.InteropServices;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "facloc": greedy maximization of F(A) = Σ_j max_{i in A} s_ij + Σ_{i in A} max_j s_ij, with s clipped at
/// 0. The first term rewards targets covered by rows, the second rows near targets.
/// </summary>
/// <remarks>
/// The facility-location mutual information in the form FL2MI (also FLQMI), η = 1. s is restricted to the K most
/// similar rows of each target and 0 elsewhere, K the smallest 64·2^n for which these lists hold four times the budget,
/// or the whole pool: so no table of pool by pool is needed. Lazy greedy: a gain that was computed before bounds the
/// gain of now. The score is the gain.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2202.10680">Kaushal et al. 2022, Submodlib</seealso>
/// <seealso href="https://arxiv.org/abs/2103.00128">Kothawade et al. 2021, PRISM: table 1, FL2MI</seealso>
internal sealed class FacilityLocationMethod : ISelectionMethod
{
    private const int FirstDepth = 64;
    private const int Choice = 4;

    public string Name => "facloc";

    public MethodNeeds Needs => MethodNeeds.UnitVectors;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension)
    {
        long depth = Math.Min(poolRows, Math.Max(FirstDepth, 2 * Choice * budget / Math.Max(targetRows, 1)));
        return CandidatePool.EstimateMemory(targetRows, depth, dimension, Environment.ProcessorCount)
            + (40 * targetRows * depth);
    }

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        long count = inputs.Candidates.Count;
        for (long depth = FirstDepth; ; depth *= 2)
        {
            RankedList[] lists = await SimilarRows
                .RankAsync(inputs, depth, progress, cancellationToken)
                .ConfigureAwait(false);
            Dictionary<long, List<(int Target, double Similarity)>> rows = Invert(lists);
            if (rows.Count >= Math.Min(count, Choice * inputs.Budget))
            {
                return Maximize(rows, lists.Length, checked((int)inputs.Budget), progress, cancellationToken);
            }
        }
    }

    private static Dictionary<long, List<(int Target, double Similarity)>> Invert(RankedList[] lists)
    {
        Dictionary<long, List<(int Target, double Similarity)>> rows = [];
        for (int target = 0; target < lists.Length; target++)
        {
            for (int n = 0; n < lists[target].CandidateIds.Length; n++)
            {
                ref List<(int, double)>? similarities = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    rows,
                    lists[target].CandidateIds[n],
                    out _
                );
                (similarities ??= []).Add((target, Math.Max(0, lists[target].Scores[n])));
            }
        }

        return rows;
    }

    private static MethodResult Maximize(
        Dictionary<long, List<(int Target, double Similarity)>> rows,
        int targetCount,
        int budget,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        double[] covered = new double[targetCount];
        double Gain(List<(int Target, double Similarity)> similarities)
        {
            double gain = 0;
            double largest = 0;
            foreach ((int target, double similarity) in similarities)
            {
                gain += Math.Max(0, similarity - covered[target]);
                largest = Math.Max(largest, similarity);
            }

            return gain + largest;
        }

        long[] chosen = new long[budget];
        double[] gains = new double[budget];

        // By gain, ties by id; with each the number of rows that were chosen when its gain was computed.
        PriorityQueue<(long Row, int At), (double, long)> queue = new(
            rows.Select(row => ((row.Key, 0), (-Gain(row.Value), row.Key)))
        );
        for (int rank = 0; rank < budget; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            queue.TryDequeue(out (long Row, int At) best, out (double Negated, long Row) key);
            if (best.At < rank)
            {
                queue.Enqueue((best.Row, rank), (-Gain(rows[best.Row]), best.Row));
                continue;
            }

            chosen[rank] = best.Row;
            gains[rank] = 0 - key.Negated;
            foreach ((int target, double similarity) in rows[best.Row])
            {
                covered[target] = Math.Max(covered[target], similarity);
            }

            rank++;
            progress?.Report(new SelectionProgress(SelectionStage.Choosing, rank, budget));
        }

        return new MethodResult(chosen, gains);
    }
}
