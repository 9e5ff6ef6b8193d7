using System.Globalization;
using Tsds.Data;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>The memory that a comparison takes beyond mapped files.</summary>
internal static class ComparisonMemory
{
    /// <summary>Bytes of a judged row's text, words and n-grams; of long rows it is more.</summary>
    private const int BytesPerText = 12_000;

    /// <summary>Bytes of what methods find out about a row and keep for one another: its cluster.</summary>
    private const int SharedFindings = 24;

    /// <summary>Neighbors of each target that are kept for the methods to share.</summary>
    private const int SharedNeighbors = 4_096;

    /// <summary>Targets that are reckoned with before they are counted.</summary>
    private const int PlannedTargets = 200;

    /// <summary>Dimensions that are reckoned with before the embedder tells.</summary>
    private const int PlannedDimension = 1_024;

    private static readonly long[] PlannedPools = [100_000, 1_000_000];

    /// <summary>Estimates it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="methods">The methods: one runs at a time.</param>
    /// <param name="poolRows">N.</param>
    /// <param name="targetRows">M, or null where nobody has counted them.</param>
    /// <param name="dimension">d.</param>
    /// <param name="hasTexts">Whether rows have texts.</param>
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

    /// <summary>Says it for pools whose rows are not counted yet.</summary>
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
