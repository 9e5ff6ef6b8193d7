namespace Tsds.Evaluation.Methods;

/// <summary>What a user is told whose method lacks something.</summary>
internal static class MissingNeeds
{
    /// <summary>Finds the first of a method's needs that is not met.</summary>
    /// <param name="method">The method.</param>
    /// <param name="met">The needs that are.</param>
    /// <returns>One sentence, or null where nothing is missing.</returns>
    public static string? Describe(ISelectionMethod method, MethodNeeds met)
    {
        MethodNeeds missing = method.Needs & ~met;
        return missing switch
        {
            MethodNeeds.None => null,
            _ when missing.HasFlag(MethodNeeds.Texts) =>
                $"Expected the texts of pool and targets for {method.Name}, found vectors alone; give rows "
                    + $"with --pool and --target.",
            _ when missing.HasFlag(MethodNeeds.Sources) =>
                $"Expected the sources of the pool's rows for {method.Name}, found vectors alone; give rows "
                    + $"with --pool.",
            _ when missing.HasFlag(MethodNeeds.GradientFeatures) =>
                $"Expected gradient features for {method.Name}, found rows alone; give them with "
                    + $"--pool-vectors and --target-vectors.",
            _ => $"Expected normalized embeddings for {method.Name}, which compares directions, found others; "
                + $"use --normalize l2.",
        };
    }
}
