namespace Tsds.Evaluation.Methods;

/// <summary>The selection methods by name; docs/baselines.md describes what each computes.</summary>
internal static class SelectionMethods
{
    /// <summary>The name of the default method: optimal transport.</summary>
    public const string Default = "tsds";

    /// <summary>The name of optimal transport with every density taken as 1 (regularizer "uniform").</summary>
    public const string Uniform = "knn-uniform";

    private static readonly Dictionary<string, Func<SelectionOptions, ISelectionMethod>> Known = new(
        StringComparer.Ordinal
    )
    {
        [Default] = selection => new TransportMethod(Default, selection),
        [Uniform] = selection => new TransportMethod(Uniform, selection with { Regularizer = Regularizer.Uniform }),
        ["random"] = _ => new RandomMethod(),
        ["random-balanced"] = _ => new RandomBalancedMethod(),
        ["max-sim"] = _ => new MaxSimilarityMethod(),
        ["mean-sim"] = _ => new MeanSimilarityMethod(),
        ["rds+"] = _ => new RoundRobinSimilarityMethod(refills: false),
        ["rds+refill"] = _ => new RoundRobinSimilarityMethod(refills: true),
        ["less"] = _ => new LessMethod(),
        ["dsir"] = _ => new ImportanceResamplingMethod(),
        ["bm25"] = _ => new WordRankingMethod(),
        ["facloc"] = _ => new FacilityLocationMethod(),
        ["herding"] = _ => new HerdingMethod(),
        ["kcenter"] = _ => new CenterMethod(),
        ["semdedup"] = _ => new SemanticDeduplicationMethod(),
        ["d4"] = _ => new DiversifiedDeduplicationMethod(),
    };

    /// <summary>Gets the names, the default one first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>Returns the method with a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="selection">Settings of the methods that solve for a plan; null for the defaults. The inputs say
    /// budget, seed, threads and weights.</param>
    /// <returns>The method.</returns>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static ISelectionMethod Find(string name, SelectionOptions? selection = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.TryGetValue(name, out Func<SelectionOptions, ISelectionMethod>? create)
            ? create(selection ?? new SelectionOptions { Budget = 1 })
            : throw new ArgumentException(
                $"Expected a method, one of {string.Join(", ", Names)}; found '{name}'.",
                nameof(name)
            );
    }
}
