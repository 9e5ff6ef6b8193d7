using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "kcenter" (farthest first): chooses the row nearest to the mean target, then repeatedly the row farthest
/// from all chosen rows; the score is that distance.
/// </summary>
/// <remarks>
/// The greedy 2-approximation of the k-center problem. Of equally far rows the smaller id. After the first row it does
/// not look at the targets. Distances only shrink as rows are chosen, so one that was computed before bounds the one of
/// now, and most are never brought up to date. A distance that float32 shows to be no smaller is not computed exactly.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/1708.00489">Sener, Savarese 2018, Active learning for convolutional neural
/// networks: a core-set approach, algorithm 1</seealso>
/// <seealso href="https://doi.org/10.1016/0304-3975(85)90224-5">Gonzalez 1985, Clustering to minimize the maximum
/// intercluster distance</seealso>
internal sealed class CenterMethod : ISelectionMethod
{
    /// <summary>More than the roundings of distances in double come to, relative to the squared norms.</summary>
    private const double Slack = 1e-12;

    public string Name => "kcenter";

    public MethodNeeds Needs => MethodNeeds.None;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        CandidateVectors.EstimateMemory(poolRows, dimension) + (56 * poolRows);

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
        TargetMeans mean = new(inputs.Targets);
        int first = Enumerable.Range(0, vectors.Count).MinBy(position => mean.DistanceSquared(vectors[position]));
        double[] normsSquared = vectors.NormsSquared();
        double error = VectorProducts.ErrorOf(inputs.Targets.Dimension) + Slack;
        int budget = checked((int)inputs.Budget);
        int[] chosen = new int[budget];
        double[] scores = new double[budget];
        (chosen[0], scores[0]) = (first, double.PositiveInfinity);

        // Farthest first, ties by position; each with the number of chosen rows that its distance accounts for.
        PriorityQueue<(int Position, int Known), (double Negated, int Position)> queue = new(
            Enumerable
                .Range(0, vectors.Count)
                .Where(position => position != first)
                .Select(position => ((position, 0), (double.NegativeInfinity, position)))
        );
        for (int rank = 1; rank < budget; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            queue.TryDequeue(out (int Position, int Known) candidate, out (double Negated, int Position) key);
            if (candidate.Known == rank)
            {
                (chosen[rank], scores[rank]) = (candidate.Position, Math.Sqrt(0 - key.Negated));
                rank++;
                progress?.Report(new SelectionProgress(SelectionStage.Choosing, rank, budget));
                continue;
            }

            // As soon as another one is farther, the rest can wait.
            double rival = queue.TryPeek(out _, out (double Negated, int Position) next)
                ? 0 - next.Negated
                : double.NegativeInfinity;
            ReadOnlySpan<float> own = vectors[candidate.Position];
            double ownNormSquared = normsSquared[candidate.Position];
            double distanceSquared = 0 - key.Negated;
            int known = candidate.Known;
            do
            {
                ReadOnlySpan<float> other = vectors[chosen[known]];
                double norms = ownNormSquared + normsSquared[chosen[known]];
                bool isFarther = (norms * (1 - error)) - (2.0 * PrincipalAxes.Dot(own, other)) >= distanceSquared;
                if (!isFarther)
                {
                    distanceSquared = Math.Min(distanceSquared, DistanceKernels.DistanceSquared(own, other));
                }

                known++;
            } while (known < rank && distanceSquared >= rival);

            queue.Enqueue((candidate.Position, known), (-distanceSquared, candidate.Position));
        }

        return new MethodResult(Array.ConvertAll(chosen, position => vectors.Ids[position]), scores);
    }
}
