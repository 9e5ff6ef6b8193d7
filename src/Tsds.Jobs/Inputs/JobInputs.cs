using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The inputs of a job: a pool and targets in one space, and what of the pool may be chosen.</summary>
internal sealed class JobInputs : IDisposable
{
    private JobInputs(PoolInputs pool, TargetInputs targets, Exclusion exclusion, PoolCopies copies)
    {
        (Pool, Targets, Exclusion, Copies) = (pool, targets, exclusion, copies);
        HiddenIds = copies.Count > 0 ? copies.Hide(exclusion.HiddenIds.Span) : exclusion.HiddenIds;
        Candidates = copies.Count > 0 ? new FilteredPool(pool.Pool, HiddenIds) : exclusion.Candidates;
    }

    /// <summary>Gets the pool: all candidates.</summary>
    public PoolInputs Pool { get; }

    /// <summary>Gets the targets.</summary>
    public TargetInputs Targets { get; }

    /// <summary>Gets the candidates that may be chosen, and the reasons why the others may not.</summary>
    public Exclusion Exclusion { get; }

    /// <summary>Gets the rows that are the same as another, which stands for them; none where all are kept.</summary>
    public PoolCopies Copies { get; }

    /// <summary>Gets the ids of the rows that are no candidates: left out, or copies.</summary>
    public ReadOnlyMemory<long> HiddenIds { get; }

    /// <summary>Gets the candidates that may be chosen.</summary>
    public ICandidatePool Candidates { get; }

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, as many as are listed.</summary>
    public IReadOnlyList<SkippedRow> SkippedRows =>
        [.. Pool.Rows?.SkippedRows ?? [], .. Targets.Reader?.SkippedRows ?? []];

    /// <summary>Gets the number of rows that were left out.</summary>
    public long SkippedRowCount => (Pool.Rows?.SkippedCount ?? 0) + (Targets.Reader?.SkippedCount ?? 0);

    /// <summary>Opens the inputs of a job.</summary>
    /// <param name="context">The job.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">No candidate may be chosen.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<JobInputs> OpenAsync(JobContext context)
    {
        TargetRows? rows = TargetRows.Read(context, context.Files.TargetFiles);
        PoolInputs pool = await PoolInputs.OpenAsync(context, rows?.Texts ?? []).ConfigureAwait(false);
        try
        {
            TargetInputs targets = await TargetInputs.OpenAsync(context, pool, rows).ConfigureAwait(false);
            Exclusion exclusion = await Exclusion.FindAsync(context, pool).ConfigureAwait(false);
            PoolCopies copies = !context.Spec.MergesCopies
                ? PoolCopies.None
                : pool.Copies
                    ?? await RowKeys.FindByEmbeddingAsync(pool.Pool, context.Cancellation).ConfigureAwait(false);
            return new JobInputs(pool, targets, exclusion, copies);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Releases the pool.</summary>
    public void Dispose() => Pool.Dispose();
}
