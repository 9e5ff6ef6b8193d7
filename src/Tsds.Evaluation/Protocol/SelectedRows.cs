namespace Tsds.Evaluation.Protocol;

/// <summary>A selection as it is judged: rows of the pool, each with the number of times it was drawn.</summary>
internal sealed record SelectedRows
{
    /// <summary>Initializes a selection.</summary>
    /// <param name="candidateIds">Rows of the pool, none twice, at least one.</param>
    /// <param name="counts">How often each was drawn, at least once; empty for once each.</param>
    /// <exception cref="ArgumentException">There is no row, a row comes twice, or counts do not fit.</exception>
    public SelectedRows(ReadOnlyMemory<long> candidateIds, ReadOnlyMemory<long> counts = default)
    {
        if (candidateIds.IsEmpty || (!counts.IsEmpty && counts.Length != candidateIds.Length))
        {
            throw new ArgumentException(
                $"Expected at least one row and a count for each, found {candidateIds.Length} rows and "
                    + $"{counts.Length} counts."
            );
        }

        if (candidateIds.ToArray().Distinct().Count() != candidateIds.Length)
        {
            throw new ArgumentException(
                "Expected each row once, with a count, found a row twice.",
                nameof(candidateIds)
            );
        }

        if (counts.Span.ContainsAnyInRange(long.MinValue, 0))
        {
            throw new ArgumentException("Expected counts of at least 1, found a smaller one.", nameof(counts));
        }

        CandidateIds = candidateIds;
        Counts = counts.IsEmpty ? Enumerable.Repeat(1L, candidateIds.Length).ToArray() : counts;
    }

    /// <summary>Gets the rows.</summary>
    public ReadOnlyMemory<long> CandidateIds { get; }

    /// <summary>Gets the number of times each row was drawn.</summary>
    public ReadOnlyMemory<long> Counts { get; }
}
