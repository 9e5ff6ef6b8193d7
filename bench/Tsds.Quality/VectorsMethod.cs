using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>The default of tsds on other vectors of the same rows and targets than those of the suite.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="pool">The rows.</param>
/// <param name="targets">The targets, in the same space.</param>
internal sealed class VectorsMethod(string name, ICandidatePool pool, EmbeddingMatrix targets) : ISelectionMethod
{
    private readonly CachedPool _pool = new(pool);
    private readonly ISelectionMethod _method = SelectionMethods.Find("tsds");

    public string Name => name;

    public MethodNeeds Needs => MethodNeeds.None;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        _method.EstimateMemory(poolRows, targetRows, budget, dimension);

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    ) => _method.SelectAsync(inputs with { Pool = _pool, Targets = targets }, progress, cancellationToken);
}
