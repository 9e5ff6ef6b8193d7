using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Inputs;

/// <summary>Refuses a specification whose parts contradict one another, before any file of it is looked for.</summary>
internal static class SpecChecks
{
    /// <summary>Throws at the first contradiction.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="isStore">Whether the pool's vectors are a vector store, which has its own embedder.</param>
    /// <exception cref="ArgumentException">Two parts contradict one another, or one is missing.</exception>
    public static void Run(SelectionSpec spec, bool isStore)
    {
        CheckParts(spec);
        CheckSieve(spec);
        CheckEmbeddings(spec, isStore);
        CheckBounds(spec);
        CheckMethod(spec);
    }

    private static void CheckParts(SelectionSpec spec)
    {
        if (spec.Pool.Count == 0 && spec.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected a pool, found none; name its rows with --pool or its embeddings with --pool-vectors."
            );
        }

        if (spec.Targets.Count == 0 && spec.TargetVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected targets, found none; name their rows with --target or their embeddings with --target-vectors."
            );
        }
    }

    private static void CheckSieve(SelectionSpec spec)
    {
        if (spec.Sieve is not null && (spec.PoolVectors.Count > 0 || spec.Baseline is not null))
        {
            throw new ArgumentException(
                spec.Baseline is { } method
                    ? $"Expected optimal transport behind --sieve, found the method {method.Name}; leave one of "
                        + "them out."
                    : "Expected rows of texts behind --sieve, found --pool-vectors: what is embedded already needs no "
                        + "sieve; leave one of them out."
            );
        }

        // Of a number and a share nobody knows which is more before the rows are counted.
        if (
            spec.Sieve is { } sieve
            && (
                spec.Budget.Rows > sieve.Rows && sieve.Rows > 0
                || spec.Budget.Percent > sieve.Percent && sieve.Percent > 0
            )
        )
        {
            throw new ArgumentException(
                $"Expected --sieve to leave at least the rows of --budget, found {sieve} for {spec.Budget}; "
                    + "leave more, or leave the sieve out."
            );
        }
    }

    private static void CheckEmbeddings(SelectionSpec spec, bool isStore)
    {
        if (!isStore && (spec.PoolVectors.Count == 0) != (spec.TargetVectors.Count == 0))
        {
            string given = spec.PoolVectors.Count > 0 ? "--pool-vectors" : "--target-vectors";
            string missing = spec.PoolVectors.Count > 0 ? "--target-vectors" : "--pool-vectors";
            throw new ArgumentException(
                $"Expected embeddings of both pool and targets, found {given} alone; add {missing} from the "
                    + $"same model, or leave both out."
            );
        }
    }

    /// <summary>
    /// Throws if a method lacks an input, or if the budget is not in rows as methods other than optimal transport need
    /// it.
    /// </summary>
    private static void CheckMethod(SelectionSpec spec)
    {
        if (spec.Baseline is not { } method)
        {
            return;
        }

        if (spec.IsBounded || spec.Tuner is not null)
        {
            throw new ArgumentException(
                $"Expected a budget in rows or percent for {method.Name}, without caps, floors and tuning, "
                    + $"which only optimal transport knows; leave them out."
            );
        }

        MethodNeeds met =
            (spec.Pool.Count > 0 && spec.Targets.Count > 0 ? MethodNeeds.Texts : MethodNeeds.None)
            | (spec.Pool.Count > 0 ? MethodNeeds.Sources : MethodNeeds.None)
            | (
                spec.PoolVectors.Count > 0 && spec.TargetVectors.Count > 0
                    ? MethodNeeds.GradientFeatures
                    : MethodNeeds.None
            )
            | (spec.Normalization == Normalization.L2 ? MethodNeeds.UnitVectors : MethodNeeds.None);
        if (MissingNeeds.Describe(method, met) is { } sentence)
        {
            throw new ArgumentException(sentence);
        }
    }

    private static void CheckBounds(SelectionSpec spec)
    {
        foreach (ShareLimit floor in spec.Floors)
        {
            if (
                spec.Caps.FirstOrDefault(cap =>
                    cap.Name == floor.Name && cap.IsTask == floor.IsTask && cap.Share < floor.Share
                ) is
                { } cap
            )
            {
                throw new ArgumentException(
                    $"Expected a floor of '{floor.Name}' that is not above its cap, found {floor.Share:P1} "
                        + $"above {cap.Share:P1}."
                );
            }
        }

        if (spec.Tokenizer is not null && spec.Budget.Tokens == 0)
        {
            throw new ArgumentException(
                "--tokenizer counts the tokens of a budget in tokens, but the budget is in rows; give "
                    + "--budget 20Mtok, or leave the tokenizer out."
            );
        }

        if (!spec.IsBounded)
        {
            return;
        }

        if (spec.Pool.Count == 0)
        {
            throw new ArgumentException(
                "A budget in tokens, caps and floors need the rows of the pool, which say their texts and "
                    + "sources: give them with --pool beside --pool-vectors."
            );
        }

        if (spec.Sampling is not (SamplingMethod.Distinct or SamplingMethod.Top))
        {
            throw new ArgumentException(
                "A budget in tokens, caps and floors are kept by draws in which no row comes twice: use "
                    + "--sampling distinct or top."
            );
        }
    }
}
