namespace Tsds.Evaluation.Methods;

/// <summary>
/// The methods "tsds" and "knn-uniform": draw rows from the optimal plan, as one method among others.
/// </summary>
/// <remarks>The score is the probability. Where rows may be drawn more than once, each counts once here.</remarks>
/// <param name="name">"tsds" or "knn-uniform".</param>
/// <param name="selection">The settings; budget, seed, threads, tasks and target weights are those of the
/// inputs.</param>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu et al. 2024, TSDS: KNN-KDE, and KNN-Uniform, which sets every
/// density as 1</seealso>
internal sealed class TransportMethod(string name, SelectionOptions selection) : ISelectionMethod
{
    public string Name => name;

    public MethodNeeds Needs => MethodNeeds.None;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        DataSelector.EstimateMemory(selection with { Budget = budget }, poolRows, targetRows, dimension);

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        SelectionOptions asked = selection with
        {
            Budget = inputs.Budget,
            Seed = inputs.Seed,
            ThreadCount = inputs.ThreadCount,
            TargetWeights = inputs.TargetWeights,
            TargetTasks = inputs.TargetTasks,
        };
        SelectionResult result = await DataSelector
            .SelectAsync(inputs.Candidates, inputs.Targets, asked, progress, cancellationToken)
            .ConfigureAwait(false);
        long[] ids = result.CandidateIds.ToArray();
        double[] probabilities = Array.ConvertAll(
            ids,
            id => result.Plan.Probabilities.Span[result.Plan.CandidateIds.Span.BinarySearch(id)]
        );
        int[] order = [.. Enumerable.Range(0, ids.Length).OrderByDescending(i => probabilities[i]).ThenBy(i => ids[i])];
        return new MethodResult(Array.ConvertAll(order, i => ids[i]), Array.ConvertAll(order, i => probabilities[i]))
        {
            Transport = result,
        };
    }
}
