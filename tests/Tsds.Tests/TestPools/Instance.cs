using CsCheck;

namespace Tsds.Tests.TestPools;

/// <summary>A random problem: distances, densities, α and C.</summary>
internal sealed record Instance(double[][] Distances, double[] Densities, double Alpha, double Scale)
{
    public int TargetCount => Distances.Length;

    public int CandidateCount => Densities.Length;

    public double SumOfWeights => Densities.Sum(density => 1 / density);

    /// <summary>Small problems: ties, zeros and copies are common, so that every branch is met.</summary>
    public static Gen<Instance> Gen { get; } =
        from targets in CsCheck.Gen.Int[1, 5]
        from candidates in CsCheck.Gen.Int[1, 12]
        from hasTies in CsCheck.Gen.Bool
        from distances in CsCheck
            .Gen.Double[0, 3]
            .Select(d => hasTies ? Math.Round(d * 2) / 2 : d)
            .Array[candidates]
            .Array[targets]
        from densities in CsCheck.Gen.Double[1, 6].Select(d => hasTies ? Math.Round(d) : d).Array[candidates]
        from alpha in CsCheck.Gen.OneOf(
            CsCheck.Gen.Double[0.02, 0.98],
            CsCheck.Gen.Int[0, 2].Select(half => half / 2.0)
        )
        from scale in CsCheck.Gen.Double[0.1, 8]
        select new Instance(distances, densities, alpha, scale);

    public Task<SelectionResult> SelectAsync(
        Regularizer regularizer,
        Func<SelectionOptions, SelectionOptions>? change = null
    ) => SelectAsync(new TablePool(Distances, Densities), regularizer, change);

    public Task<SelectionResult> SelectAsync(
        TablePool pool,
        Regularizer regularizer,
        Func<SelectionOptions, SelectionOptions>? change = null
    )
    {
        SelectionOptions options = new()
        {
            Budget = 1,
            Regularizer = regularizer,
            Alpha = Alpha,
            Scale = Scale,
            Bandwidth = 1,
            Relevance = 0,
        };
        return DataSelector.SelectAsync(pool, pool.Targets, change?.Invoke(options) ?? options);
    }
}
