namespace Tsds;

/// <summary>
/// Checks what a selection is given, and reads the mass and the task of each target from its options.
/// </summary>
internal static class SelectionInputs
{
    /// <summary>Throws unless pool, targets and options fit each other.</summary>
    /// <exception cref="ArgumentException">They do not, or the options contradict one another.</exception>
    /// <exception cref="InvalidOperationException">The budget is above the number of rows.</exception>
    public static void ThrowIfNotSelectable(ICandidatePool pool, EmbeddingMatrix targets, SelectionOptions options)
    {
        if (pool.Count < 1 || targets.Count < 1)
        {
            throw new ArgumentException(
                $"Expected at least one candidate and one target, found {pool.Count} candidates and "
                    + $"{targets.Count} targets."
            );
        }

        if (pool.Dimension != targets.Dimension)
        {
            throw new ArgumentException(
                $"Expected targets of the pool's dimension {pool.Dimension}, found {targets.Dimension}; "
                    + $"embed both with the same model."
            );
        }

        if (options.EffectiveNeighbors is not null && options.ExpectedDistinct is not null)
        {
            throw new ArgumentException("Expected either effective neighbors or expected distinct rows, found both.");
        }

        if (options.EffectiveNeighbors is not null && options.Regularizer == Regularizer.TotalVariation)
        {
            throw new ArgumentException(
                "Effective neighbors mean nothing under total variation; expected alpha and scale, or "
                    + "another regularizer."
            );
        }

        options.ThrowIfBudgetAbove(pool.Count);
    }

    /// <summary>Returns the mass of each target; together they are 1.</summary>
    /// <exception cref="ArgumentException">The weights are not one positive number for each target.</exception>
    public static double[] WeightsOf(int targetCount, IReadOnlyList<double>? targetWeights)
    {
        double[] weights = new double[targetCount];
        if (targetWeights is null)
        {
            Array.Fill(weights, 1.0 / targetCount);
            return weights;
        }

        if (targetWeights.Count != targetCount)
        {
            throw new ArgumentException(
                $"Expected one weight for each of {targetCount} targets, found {targetWeights.Count}."
            );
        }

        double sum = 0;
        for (int i = 0; i < targetCount; i++)
        {
            ThrowHelper.ThrowIfNotFiniteOrNotPositive(
                targetWeights[i],
                $"{nameof(SelectionOptions.TargetWeights)}[{i}]"
            );
            sum += targetWeights[i];
        }

        // Equal weights are no weights, to the last bit.
        bool areEqual = targetWeights.All(weight => weight == targetWeights[0]);
        for (int i = 0; i < targetCount; i++)
        {
            weights[i] = areEqual ? 1.0 / targetCount : targetWeights[i] / sum;
        }

        return weights;
    }

    /// <summary>Returns the task of each target; tasks are numbered from 0.</summary>
    /// <exception cref="ArgumentException">A target has none, or a number has no target.</exception>
    public static int[] TasksOf(int targetCount, IReadOnlyList<int>? targetTasks)
    {
        int[] tasks = targetTasks is null ? new int[targetCount] : [.. targetTasks];
        if (tasks.Length != targetCount)
        {
            throw new ArgumentException(
                $"Expected the task of each of {targetCount} targets, found {tasks.Length} tasks."
            );
        }

        int[] known = [.. tasks.Distinct().Order()];
        return known.SequenceEqual(Enumerable.Range(0, known.Length))
            ? tasks
            : throw new ArgumentException(
                $"Expected tasks numbered from 0, each with a target, found the numbers {string.Join(", ", known)}."
            );
    }
}
