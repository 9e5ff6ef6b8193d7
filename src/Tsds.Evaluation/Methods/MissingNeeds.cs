namespace Tsds.Evaluation.Methods;

/// <summary>The messages for a method that lacks an input it needs.</summary>
internal static class MissingNeeds
{
    /// <summary>Returns a description of the first unmet need of a method, or null if all are met.</summary>
    /// <param name="method">The method.</param>
    /// <param name="met">The needs that are.</param>
    /// <returns>One sentence, or null if nothing is missing.</returns>
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
