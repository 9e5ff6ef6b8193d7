namespace Tsds.Jobs.Explain;

/// <summary>The explanation why a row was chosen or not.</summary>
internal sealed record RowExplanation
{
    /// <summary>Gets the row's number in the pool.</summary>
    public required long Row { get; init; }

    /// <summary>Gets the row's file, or null if only vectors were given.</summary>
    public string? File { get; init; }

    /// <summary>Gets the row's line, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Gets the row's own id, if it has one.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Gets "chosen", "reached" (it has a probability and was not drawn), "unreached", "excluded" (it repeats a row
    /// that was excluded or kept) or "copy" (it is the same as an earlier row, which stands for it).
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the option under which the row was excluded, and what it repeats; null unless it was.</summary>
    public string? Repeats { get; init; }

    /// <summary>Gets the row that stands for it; null unless it is a copy.</summary>
    public long? CopyOf { get; init; }

    /// <summary>Gets how relevant it is to each task; empty where relevance was off or says nothing.</summary>
    public IReadOnlyList<RowRelevance> Relevance { get; init; } = [];

    /// <summary>Gets the times it was drawn.</summary>
    public required long Count { get; init; }

    /// <summary>Gets its probability.</summary>
    public required double Probability { get; init; }

    /// <summary>
    /// Gets the times it is drawn on average under the sampling used; null under top, where nothing is left to chance,
    /// and where the draw kept to tokens or to shares of sources.
    /// </summary>
    public required double? ExpectedCount { get; init; }

    /// <summary>Gets the sampling method by which rows were drawn.</summary>
    public required string Sampling { get; init; }

    /// <summary>Gets the rows that were drawn in all.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets its density: how many rows it counts as.</summary>
    public required double Density { get; init; }

    /// <summary>Gets the bandwidth within which rows are near-copies; 0 if no density was taken.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets its nearest near-copies, at most 16.</summary>
    public required IReadOnlyList<NearCopy> NearCopies { get; init; }

    /// <summary>
    /// Gets the targets that send it most; of a row that is not reached the nearest, and the one whose water level
    /// comes nearest to it.
    /// </summary>
    public required IReadOnlyList<RowTarget> Targets { get; init; }
}
