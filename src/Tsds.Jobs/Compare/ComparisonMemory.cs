using System.Globalization;
using Tsds.Data;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>Estimates the memory of a comparison in addition to mapped files.</summary>
internal static class ComparisonMemory
{
    /// <summary>The bytes of a judged row's text, words and n-grams; long rows take more.</summary>
    private const int BytesPerText = 12_000;

    /// <summary>The bytes per row of what methods compute and share: its cluster.</summary>
    private const int SharedFindings = 24;

    /// <summary>The number of neighbors of each target that are kept for all methods.</summary>
    private const int SharedNeighbors = 4_096;

    /// <summary>The assumed number of targets, before they are counted.</summary>
    private const int PlannedTargets = 200;

    /// <summary>The assumed dimension, before the embedder is opened.</summary>
    private const int PlannedDimension = 1_024;

    private static readonly long[] PlannedPools = [100_000, 1_000_000];

    /// <summary>Estimates the memory in bytes.</summary>
    /// <param name="job">The job.</param>
    /// <param name="methods">The methods: one runs at a time.</param>
    /// <param name="poolRows">N.</param>
    /// <param name="targetRows">M, or null if they have not been counted.</param>
    /// <param name="dimension">d.</param>
    /// <param name="hasTexts">True if rows have texts.</param>
    public static long Estimate(
        SelectionJobOptions job,
        ChosenMethods methods,
        long poolRows,
        long? targetRows,
        int dimension,
        bool hasTexts
    )
    {
        EvaluatorOptions evaluator = new();
        long targets = targetRows ?? PlannedTargets;
        long budget = job.Spec.Budget.ResolveRows(poolRows);
        long sample = Math.Min(budget, evaluator.LargestSample);
        long largestMethod = methods.Names.Max(name =>
            SelectionMethods.Find(name).EstimateMemory(poolRows, targets, budget, dimension)
        );
        long selections =
            (evaluator.RandomCount + 1) * budget * ((sizeof(float) * dimension) + (hasTexts ? BytesPerText : 0));
        long distances = sizeof(double) * sample * (sample + (3 * targets));
        long rows = ((hasTexts ? PoolRowFile.BytesPerRow : 0) + SharedFindings) * poolRows;
        long neighbors = 2 * sizeof(long) * targets * Math.Min(poolRows, SharedNeighbors);
        return RuntimeMemory.Bytes + rows + selections + distances + neighbors + largestMethod;
    }

    /// <summary>Returns a note on the memory, for pools whose rows are not counted yet.</summary>
    public static string Note(SelectionJobOptions job, ChosenMethods methods, int? dimension)
    {
        int width = dimension ?? PlannedDimension;
        return "memory of the methods and their judge: "
            + string.Join(
                ", ",
                PlannedPools.Select(rows =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"about {Estimate(job, methods, rows, null, width, hasTexts: true) / 1e9:N1} GB for "
                            + $"a pool of {rows:N0} rows"
                    )
                )
            );
    }
}
