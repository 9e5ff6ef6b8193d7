namespace Tsds.Jobs.Inputs;

/// <summary>
/// Represents the rows that are named by their numbers: left out, or kept, without leaving the pool that densities,
/// centering and relevance are taken from.
/// </summary>
internal sealed class WithheldRows
{
    /// <summary>Initializes the rows.</summary>
    /// <param name="excluded">The numbers of the rows that are left out.</param>
    /// <param name="kept">The numbers of the rows that are chosen already.</param>
    /// <param name="copies">The rows that are the same as another, which stands for them.</param>
    /// <param name="hidden">The rows that are no candidates anyway, ascending.</param>
    public WithheldRows(
        IReadOnlyList<long> excluded,
        IReadOnlyList<long> kept,
        PoolCopies copies,
        ReadOnlySpan<long> hidden
    )
    {
        Excluded = excluded.ToHashSet();
        Kept = [.. kept.Distinct().Order()];
        SortedSet<long> ids = [];
        foreach (long row in excluded.Concat(kept))
        {
            long candidate = copies.FirstOf(row) ?? row;
            if (hidden.BinarySearch(candidate) < 0)
            {
                ids.Add(candidate);
            }
        }

        Ids = ids.ToArray();
    }

    /// <summary>Gets no rows.</summary>
    public static WithheldRows None { get; } = new([], [], PoolCopies.None, []);

    /// <summary>Gets the numbers of the rows that are left out.</summary>
    public IReadOnlySet<long> Excluded { get; }

    /// <summary>Gets the numbers of the rows that are chosen already, ascending.</summary>
    public IReadOnlyList<long> Kept { get; }

    /// <summary>Gets the candidates among them, ascending; of rows that are the same the first.</summary>
    public ReadOnlyMemory<long> Ids { get; }

    /// <summary>Reads the files that a job names.</summary>
    /// <param name="context">The job.</param>
    /// <param name="pool">Its pool.</param>
    /// <param name="copies">The rows that are the same as another.</param>
    /// <param name="hidden">The rows that are no candidates anyway, ascending.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A line of a file is not the number of a row, or no candidate is
    /// left.</exception>
    public static WithheldRows Read(
        JobContext context,
        ICandidatePool pool,
        PoolCopies copies,
        ReadOnlyMemory<long> hidden
    )
    {
        SelectionSpec spec = context.Spec;
        if (spec.ExcludeRows is null && spec.KeepRows is null)
        {
            return None;
        }

        WithheldRows rows = new(
            RowsOf(context, spec.ExcludeRows, pool.Count),
            RowsOf(context, spec.KeepRows, pool.Count),
            copies,
            hidden.Span
        );
        return rows.Ids.Length + hidden.Length < pool.Count
            ? rows
            : throw new InvalidDataException(
                "Expected candidates beside the rows of --exclude-rows and --keep-rows, found none; name fewer rows."
            );
    }

    private static IReadOnlyList<long> RowsOf(JobContext context, string? path, long count) =>
        path is null ? [] : RowNumbers.Read(path, context.Options.Root, count).Rows;
}
