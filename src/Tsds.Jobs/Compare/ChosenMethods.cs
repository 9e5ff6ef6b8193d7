using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>The methods of a comparison, and those that were left out.</summary>
/// <param name="Names">In the order in which they were asked for, the default one first.</param>
/// <param name="LeftOut">Those that would take part if their inputs were there.</param>
internal sealed record ChosenMethods(IReadOnlyList<string> Names, IReadOnlyList<LeftOutMethod> LeftOut)
{
    /// <summary>Resolves the methods that a comparison runs.</summary>
    /// <param name="asked">The methods asked for; none for all.</param>
    /// <param name="files">What there is to choose from.</param>
    /// <param name="normalization">What is done to each embedding.</param>
    /// <exception cref="ArgumentException">A method that was asked for by name is unknown, or lacks its
    /// inputs.</exception>
    public static ChosenMethods Resolve(IReadOnlyList<string> asked, JobFiles files, Normalization normalization)
    {
        bool takesAll = asked.Count == 0;
        List<string> names = [];
        List<LeftOutMethod> leftOut = [];
        foreach (
            string name in (takesAll ? SelectionMethods.Names : asked)
                .Prepend(SelectionMethods.Default)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (Missing(SelectionMethods.Find(name).Needs, files, normalization, takesAll) is not { } missing)
            {
                names.Add(name);
            }
            else if (takesAll)
            {
                leftOut.Add(new LeftOutMethod(name, $"it needs {missing}"));
            }
            else
            {
                throw new ArgumentException(
                    $"Expected {missing} for the method {name}, found none; add them, or leave it out of --methods."
                );
            }
        }

        return new ChosenMethods(names, leftOut);
    }

    private static string? Missing(MethodNeeds needs, JobFiles files, Normalization normalization, bool takesAll)
    {
        bool hasRows = files.PoolFiles.Count > 0;
        if (needs.HasFlag(MethodNeeds.Texts) && !(hasRows && files.TargetFiles.Count > 0))
        {
            return "the rows of pool and targets, --pool and --target";
        }

        if (needs.HasFlag(MethodNeeds.Sources) && !hasRows)
        {
            return "the rows of the pool, --pool";
        }

        if (needs.HasFlag(MethodNeeds.UnitVectors) && normalization != Normalization.L2)
        {
            return "normalized embeddings, --normalize l2";
        }

        // Files combined by weight are gradients of checkpoints; for a single file only the user who names the method
        // knows.
        bool hasGradients =
            files.PoolVectors.Any(source => source.Files.Count > 1) || (!takesAll && files.PoolVectors.Count > 0);
        return needs.HasFlag(MethodNeeds.GradientFeatures) && !hasGradients
            ? "gradient features, --pool-vectors with the weights of checkpoints"
            : null;
    }
}
