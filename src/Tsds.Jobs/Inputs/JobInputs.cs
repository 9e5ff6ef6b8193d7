using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The inputs of a job: a pool and targets in one space, and what of the pool may be chosen.</summary>
internal sealed class JobInputs : IDisposable
{
    private readonly ReadOnlyMemory<long> _hidden;

    private JobInputs(
        PoolInputs pool,
        TargetInputs targets,
        Exclusion exclusion,
        PoolCopies copies,
        WithheldRows withheld
    )
    {
        (Pool, Targets, Exclusion, Copies, Withheld) = (pool, targets, exclusion, copies, withheld);
        _hidden = HiddenBy(exclusion, copies);
        Reference = copies.Count > 0 ? new FilteredPool(pool.Pool, _hidden) : exclusion.Candidates;
    }

    private JobInputs(JobInputs other)
    {
        (Pool, Targets, Exclusion, Copies) = (other.Pool, other.Targets, other.Exclusion, other.Copies);
        (Withheld, _hidden, Reference) = (other.Withheld, other._hidden, other.Reference);
    }

    /// <summary>Gets the pool: all candidates.</summary>
    public PoolInputs Pool { get; }

    /// <summary>Gets the targets.</summary>
    public TargetInputs Targets { get; private init; }

    /// <summary>Gets the candidates that may be chosen, and the reasons why the others may not.</summary>
    public Exclusion Exclusion { get; }

    /// <summary>Gets the rows that are the same as another, which stands for them; none where all are kept.</summary>
    public PoolCopies Copies { get; }

    /// <summary>Gets the rows that are left out or kept by their numbers.</summary>
    public WithheldRows Withheld { get; private init; }

    /// <summary>Gets the ids of the rows that are no candidates, ascending: left out, kept, or copies.</summary>
    public ReadOnlyMemory<long> HiddenIds =>
        Withheld.Ids.IsEmpty ? _hidden : (long[])[.. new SortedSet<long>([.. _hidden.Span, .. Withheld.Ids.Span])];

    /// <summary>Gets the ids of the rows that no method may choose, ascending: copies are candidates here.</summary>
    public ReadOnlyMemory<long> HiddenFromMethods =>
        Withheld.Ids.IsEmpty
            ? Exclusion.HiddenIds
            : (long[])[.. new SortedSet<long>([.. Exclusion.HiddenIds.Span, .. Withheld.Ids.Span])];

    /// <summary>
    /// Gets the candidates with those that are withheld: what centering and relevance are taken from.
    /// </summary>
    public ICandidatePool Reference { get; private init; }

    /// <summary>Gets the candidates that may be chosen.</summary>
    public ICandidatePool Candidates =>
        Withheld.Ids.IsEmpty ? Reference : new FilteredPool(Reference, Withheld.Ids, areCounted: true);

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, as many as are listed.</summary>
    public IReadOnlyList<SkippedRow> SkippedRows =>
        [.. Pool.Rows?.SkippedRows ?? [], .. Targets.Reader?.SkippedRows ?? []];

    /// <summary>Gets the number of rows that were left out.</summary>
    public long SkippedRowCount => (Pool.Rows?.SkippedCount ?? 0) + (Targets.Reader?.SkippedCount ?? 0);

    /// <summary>Returns the number of rows that a budget comes to; a share is one of the pool before its
    /// sieve.</summary>
    /// <param name="budget">The budget.</param>
    public long RowsOf(Budget budget) => budget.ResolveRows(Pool.Sieve?.PoolRows ?? Candidates.Count);

    /// <summary>Opens the inputs of a job.</summary>
    /// <param name="context">The job.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">No candidate may be chosen.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<JobInputs> OpenAsync(JobContext context)
    {
        TargetRows? rows = TargetRows.Read(context, context.Files.TargetFiles);
        PoolInputs pool = await PoolInputs.OpenAsync(context, rows).ConfigureAwait(false);
        try
        {
            TargetInputs targets = await TargetInputs.OpenAsync(context, pool, rows).ConfigureAwait(false);
            Exclusion exclusion = await Exclusion.FindAsync(context, pool).ConfigureAwait(false);
            PoolCopies copies = !context.Spec.MergesCopies
                ? PoolCopies.None
                : pool.Copies
                    ?? await RowKeys.FindByEmbeddingAsync(pool.Pool, context.Cancellation).ConfigureAwait(false);
            WithheldRows withheld = WithheldRows.Read(context, pool.Pool, copies, HiddenBy(exclusion, copies));
            return new JobInputs(pool, targets, exclusion, copies, withheld);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Returns the same inputs, searched through another pool.</summary>
    /// <param name="reference">What answers as <see cref="Reference"/> does.</param>
    public JobInputs Through(ICandidatePool reference) => new(this) { Reference = reference };

    /// <summary>Returns the same inputs with other targets.</summary>
    /// <param name="targets">The targets, normalized as the pool is.</param>
    public JobInputs With(TargetInputs targets) => new(this) { Targets = targets };

    /// <summary>Returns the same inputs with more rows left out or kept by their numbers.</summary>
    /// <param name="excluded">The numbers of the rows to leave out.</param>
    /// <param name="kept">The numbers of the rows that are chosen already.</param>
    public JobInputs Withhold(IReadOnlyList<long> excluded, IReadOnlyList<long> kept) =>
        excluded.Count + kept.Count == 0
            ? this
            : new(this)
            {
                Withheld = new WithheldRows(
                    [.. Withheld.Excluded, .. excluded],
                    [.. Withheld.Kept, .. kept],
                    Copies,
                    _hidden.Span
                ),
            };

    /// <summary>Releases the pool, which inputs made of others share.</summary>
    public void Dispose() => Pool.Dispose();

    private static ReadOnlyMemory<long> HiddenBy(Exclusion exclusion, PoolCopies copies) =>
        copies.Count > 0 ? copies.Hide(exclusion.HiddenIds.Span) : exclusion.HiddenIds;
}
