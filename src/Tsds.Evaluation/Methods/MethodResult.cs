namespace Tsds.Evaluation.Methods;

/// <summary>The rows that a method chose.</summary>
internal sealed record MethodResult
{
    /// <summary>Initializes a new instance of the <see cref="MethodResult"/> class.</summary>
    /// <param name="candidateIds">The rows, the first choice first, none twice.</param>
    /// <param name="scores">What the method gave each, larger is better; empty if it chooses without scores.</param>
    /// <exception cref="ArgumentException">There are scores, but not one for each row.</exception>
    public MethodResult(ReadOnlyMemory<long> candidateIds, ReadOnlyMemory<double> scores = default)
    {
        if (!scores.IsEmpty && scores.Length != candidateIds.Length)
        {
            throw new ArgumentException(
                $"Expected no scores or one for each of {candidateIds.Length} rows, found {scores.Length}.",
                nameof(scores)
            );
        }

        CandidateIds = candidateIds;
        Scores = scores;
    }

    /// <summary>Gets the chosen rows in order of choice: row i has rank i + 1.</summary>
    public ReadOnlyMemory<long> CandidateIds { get; }

    /// <summary>Gets the scores of the rows at the time each was chosen; empty for a method without scores.</summary>
    public ReadOnlyMemory<double> Scores { get; }

    /// <summary>
    /// Gets the selection that the rows belong to, with its plan and certificate; null for a method that makes no plan.
    /// </summary>
    public SelectionResult? Transport { get; init; }
}
