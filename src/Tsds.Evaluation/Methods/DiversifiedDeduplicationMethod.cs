namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "d4": reduces the pool to three quarters by SemDeDup, clusters what remains again, then chooses the rows
/// farthest from their centroid, so that typical rows are dropped. It does not use the targets.
/// </summary>
/// <remarks>
/// R_d = 0.75, or the budget where it is more; R_p follows from the budget. The score is 1 less the cosine to the
/// centroid.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2308.12284">Tirumala et al. 2023, D4: section 3.3; SSL prototypes by Sorscher
/// et al. 2022</seealso>
internal sealed class DiversifiedDeduplicationMethod : ISelectionMethod
{
    private const double DeduplicatedShare = 0.75;

    public string Name => "d4";

    public MethodNeeds Needs => MethodNeeds.UnitVectors;

    public bool LooksAtTargets => false;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        (2 * SphericalKMeans.EstimateMemory(poolRows, dimension)) + (100 * poolRows) + BestRows.EstimateMemory(budget);

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        long kept = Math.Max(inputs.Budget, (long)Math.Round(DeduplicatedShare * inputs.Candidates.Count));
        MethodResult different = await SemanticDeduplication
            .KeepAsync(inputs, kept, progress, cancellationToken)
            .ConfigureAwait(false);
        HashSet<long> left = [.. different.CandidateIds.Span];
        long[] hidden =
        [
            .. Enumerable
                .Range(0, checked((int)inputs.Pool.Count))
                .Select(id => (long)id)
                .Where(id => !left.Contains(id)),
        ];
        SphericalKMeans clustering = await SphericalKMeans
            .FitAsync(inputs with { HiddenIds = hidden }, progress, cancellationToken)
            .ConfigureAwait(false);
        BestRows best = new(inputs.Budget);
        for (int row = 0; row < clustering.Ids.Length; row++)
        {
            best.Add(clustering.Ids[row], 1 - clustering.Similarities[row]);
        }

        return best.ToResult();
    }
}
