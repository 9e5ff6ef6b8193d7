namespace Tsds.Evaluation.Methods;

/// <summary>The inputs of a selection method: pool, targets, budget and seed.</summary>
internal sealed record MethodInputs
{
    /// <summary>Gets the pool, with all its candidates.</summary>
    public required ICandidatePool Pool { get; init; }

    /// <summary>Gets the ids of the candidates that must not be chosen, ascending, none twice.</summary>
    public ReadOnlyMemory<long> HiddenIds { get; init; }

    /// <summary>Gets the targets, normalized as the pool is; shape [targets, dimension].</summary>
    public required EmbeddingMatrix Targets { get; init; }

    /// <summary>
    /// Gets the texts and sources of the candidates that may be chosen, in ascending order of id, or null. Each
    /// enumeration is a new pass over the pool; only one may run at a time.
    /// </summary>
    public IEnumerable<CandidateRow>? Rows { get; init; }

    /// <summary>Gets the texts of the targets, or null.</summary>
    public IReadOnlyList<string>? TargetTexts { get; init; }

    /// <summary>Gets the task of each target, from 0; null if all belong to one.</summary>
    public IReadOnlyList<int>? TargetTasks { get; init; }

    /// <summary>Gets the weight of each target, or null for equal weights. Only optimal transport uses them.</summary>
    public IReadOnlyList<double>? TargetWeights { get; init; }

    /// <summary>Gets the number of rows to choose, B.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the seed of methods that draw at random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the number of threads. The choice does not depend on it.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Gets the cache of what is computed from the pool alone, shared by selection splits and methods, or null for
    /// none.
    /// </summary>
    internal PoolFindings? Findings { get; init; }

    /// <summary>Gets the candidates that may be chosen: the pool without those that are hidden.</summary>
    public ICandidatePool Candidates => HiddenIds.IsEmpty ? Pool : new FilteredPool(Pool, HiddenIds);

    /// <summary>Throws if a method cannot choose from these inputs.</summary>
    /// <param name="method">The method.</param>
    /// <exception cref="InvalidOperationException">It cannot; the message gives the reason.</exception>
    public void Check(ISelectionMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        long count = Candidates.Count;
        if (Budget < 1 || Budget > count)
        {
            throw new InvalidOperationException(
                $"Expected a budget of 1 to the pool's {count:N0} rows, found {Budget:N0}; give a smaller one."
            );
        }

        // Only the user knows whether embeddings are gradient features.
        MethodNeeds met =
            MethodNeeds.GradientFeatures
            | (Rows is not null && TargetTexts is not null ? MethodNeeds.Texts : MethodNeeds.None)
            | (Rows is not null ? MethodNeeds.Sources : MethodNeeds.None)
            | (Pool.Normalization == Normalization.L2 ? MethodNeeds.UnitVectors : MethodNeeds.None);
        if (MissingNeeds.Describe(method, met) is { } sentence)
        {
            throw new InvalidOperationException(sentence);
        }
    }

    /// <summary>Gets the ids of the candidates that may be chosen, ascending.</summary>
    /// <returns>The ids, as they are asked for.</returns>
    public IEnumerable<long> EnumerateIds()
    {
        int hidden = 0;
        for (long id = 0; id < Pool.Count; id++)
        {
            if (hidden < HiddenIds.Length && HiddenIds.Span[hidden] == id)
            {
                hidden++;
            }
            else
            {
                yield return id;
            }
        }
    }

    /// <summary>Computes a value from the pool alone, once for all that share <see cref="Findings"/>.</summary>
    internal Task<T> FindOnceAsync<T>(string name, Func<Task<T>> find)
        where T : class => Findings is { } findings ? findings.GetAsync(name, find) : find();
}
