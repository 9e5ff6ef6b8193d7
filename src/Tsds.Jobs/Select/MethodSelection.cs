using Tsds.Data;
using Tsds.Data.Rows;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>Makes a selection by a method other than optimal transport.</summary>
internal static class MethodSelection
{
    /// <summary>Selects by a method.</summary>
    /// <param name="context">The job.</param>
    /// <param name="inputs">Its pool and targets.</param>
    /// <param name="method">The method.</param>
    /// <exception cref="InvalidOperationException">The method cannot choose from this, or not within the memory limit;
    /// the message says why.</exception>
    public static async Task<Selection> RunAsync(JobContext context, JobInputs inputs, ISelectionMethod method)
    {
        ICandidatePool candidates = inputs.Candidates;
        if (inputs.Targets.Tasks?.Weights is not null)
        {
            throw new ArgumentException(
                $"Expected targets without weights for {method.Name}, which has none, found some; leave the "
                    + $"weights of --target out."
            );
        }

        MethodInputs asked = InputsOf(context, inputs, method);
        MemoryCheck.Require(
            EstimateMemory(
                method,
                candidates.Count,
                inputs.Targets.Count,
                asked.Budget,
                candidates.Dimension,
                context.Options.ThreadCount
            ),
            context.Options.MemoryLimit
        );
        MethodResult result = await method
            .SelectAsync(asked, context.Progress, context.Cancellation)
            .ConfigureAwait(false);
        EmbeddingMatrix rows = await candidates
            .ReadEmbeddingsAsync(result.CandidateIds, context.Cancellation)
            .ConfigureAwait(false);
        using CandidatePool selected = CandidatePool.FromEmbeddings(rows, context.Options.PoolOptions);
        int k = (int)Math.Min(candidates.Count, DataSelector.BandwidthNeighbors);
        NeighborTable neighbors = await candidates
            .FindNearestAsync(asked.Targets, k, null, context.Cancellation)
            .ConfigureAwait(false);
        NeighborTable served = await selected
            .FindNearestAsync(asked.Targets, 1, null, context.Cancellation)
            .ConfigureAwait(false);

        // A plan that a method makes for itself is not the job's, whose options say nothing of it.
        return Selection.OfChoice(
            result,
            asked.Budget,
            DataSelector.EstimateBandwidth(neighbors),
            Nearest(neighbors),
            Nearest(served)
        );
    }

    /// <summary>
    /// Returns an upper bound of the memory of a selection, in bytes: the method, its bundle, the selected rows, and
    /// the program.
    /// </summary>
    public static long EstimateMemory(
        ISelectionMethod method,
        long poolRows,
        long targetRows,
        long budget,
        int dimension,
        int threadCount
    )
    {
        // A pool with hidden candidates fetches three times as many, to have enough left.
        long writing = Math.Max(
            CandidatePool.EstimateMemory(targetRows, 3 * DataSelector.BandwidthNeighbors, dimension, threadCount),
            DuplicateSearch.EstimateMemory(budget, dimension, threadCount)
        );
        return RuntimeMemory.Bytes
            + Math.Max(method.EstimateMemory(poolRows, targetRows, budget, dimension), writing)
            + (budget * ((4L * dimension) + 32));
    }

    private static MethodInputs InputsOf(JobContext context, JobInputs inputs, ISelectionMethod method)
    {
        MethodInputs asked = new()
        {
            Pool = inputs.Pool.Pool,
            HiddenIds = inputs.HiddenIds,
            Targets = inputs.Targets.Embeddings,
            TargetTexts = inputs.Targets.Rows is { } rows ? [.. rows.Select(row => row.Text)] : null,
            TargetTasks = inputs.Targets.Tasks?.NumberOfEach,
            Budget = context.Spec.Budget.ResolveRows(inputs.Candidates.Count),
            Seed = context.Spec.Seed,
            ThreadCount = context.Options.ThreadCount,
        };
        return inputs.Pool.Rows is { } pool
            ? asked with
            {
                Rows = RowsOf(pool, method.Needs, asked, context.Cancellation),
            }
            : asked;
    }

    private static IEnumerable<CandidateRow> RowsOf(
        RowReader rows,
        MethodNeeds needs,
        MethodInputs inputs,
        CancellationToken cancellationToken
    )
    {
        RowFields fields = needs.HasFlag(MethodNeeds.Texts) ? RowFields.All : RowFields.Identity;
        using IEnumerator<long> ids = inputs.EnumerateIds().GetEnumerator();
        bool hasNext = ids.MoveNext();

        // To the end of the pool, after the last candidate too: only there does the reader know that files have not
        // changed.
        foreach (Row row in rows.Read(fields, null, cancellationToken))
        {
            if (hasNext && row.Index == ids.Current)
            {
                yield return new CandidateRow(row.Index, row.Text, row.Source);
                hasNext = ids.MoveNext();
            }
        }
    }

    private static double[] Nearest(NeighborTable table) =>
        [.. Enumerable.Range(0, table.QueryCount).Select(target => Math.Sqrt(table.DistancesSquared(target)[0]))];
}
