using Tsds.Data;
using Tsds.Data.Rows;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>Selects by a method other than optimal transport.</summary>
internal static class MethodSelection
{
    /// <summary>Selects.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">The job.</param>
    /// <param name="inputs">Its pool and targets.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidOperationException">The method cannot choose from this, or not within the memory limit;
    /// the message says why.</exception>
    public static async Task<MethodOutcome> RunAsync(
        ISelectionMethod method,
        SelectionJobOptions options,
        EmbeddedInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (inputs.Tasks?.Weights is not null)
        {
            throw new ArgumentException(
                $"Expected targets without weights for {method.Name}, which has none, found some; leave the "
                    + $"weights of --target out."
            );
        }

        MethodInputs asked = InputsOf(method, options, inputs, cancellationToken);
        JobEstimator.CheckMemory(
            EstimateMemory(
                method,
                inputs.Pool.Count,
                inputs.Targets.Count,
                asked.Budget,
                inputs.Pool.Dimension,
                options.ThreadCount
            ),
            options.MemoryLimit
        );
        MethodResult result = await method.SelectAsync(asked, progress, cancellationToken).ConfigureAwait(false);
        EmbeddingMatrix rows = await inputs
            .Pool.ReadEmbeddingsAsync(result.CandidateIds, cancellationToken)
            .ConfigureAwait(false);
        using CandidatePool selected = CandidatePool.FromEmbeddings(
            rows,
            new CandidatePoolOptions { Normalization = options.Normalization, ThreadCount = options.ThreadCount }
        );
        int k = (int)Math.Min(inputs.Pool.Count, DataSelector.BandwidthNeighbors);
        NeighborTable neighbors = await inputs
            .Pool.FindNearestAsync(asked.Targets, k, null, cancellationToken)
            .ConfigureAwait(false);
        NeighborTable served = await selected
            .FindNearestAsync(asked.Targets, 1, null, cancellationToken)
            .ConfigureAwait(false);

        // A plan that a method makes for itself is not the job's, whose options say nothing of it.
        return new MethodOutcome(
            result with
            {
                Transport = null,
            },
            asked.Budget,
            Nearest(neighbors),
            Nearest(served),
            DataSelector.EstimateBandwidth(neighbors)
        );
    }

    /// <summary>
    /// The most bytes of a selection: what the method says, then what its bundle takes, the rows that it selects, and
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

    private static MethodInputs InputsOf(
        ISelectionMethod method,
        SelectionJobOptions options,
        EmbeddedInputs inputs,
        CancellationToken cancellationToken
    )
    {
        MethodInputs asked = new()
        {
            Pool = inputs.AllCandidates,
            HiddenIds = inputs.Excluded.Hidden.Select(row => row.Row).ToArray(),
            Targets = inputs.Targets.Normalize(options.Normalization),
            TargetTexts = inputs.TargetRows is { } rows ? [.. rows.Select(row => row.Text)] : null,
            TargetTasks = inputs.Tasks?.NumberOfEach,
            Budget = options.Budget.ResolveRows(inputs.Pool.Count),
            Seed = options.Selection.Seed,
            ThreadCount = options.ThreadCount,
        };
        return inputs.PoolRows is { } pool
            ? asked with
            {
                Rows = RowsOf(pool, method.Needs, asked, cancellationToken),
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
