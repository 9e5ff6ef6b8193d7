using Tsds.Jobs.Explain;

namespace Tsds.Jobs.Explore;

/// <summary>Represents what the explorer shows of a row under a plan.</summary>
internal sealed record RowPanel
{
    /// <summary>Gets the row.</summary>
    public required long Row { get; init; }

    /// <summary>Gets its own id, if it has one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets its file; null where only vectors were given.</summary>
    public string? File { get; init; }

    /// <summary>Gets its line, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Gets its source.</summary>
    public string? Source { get; init; }

    /// <summary>Gets a page of its text.</summary>
    public ShownText? Text { get; init; }

    /// <summary>Gets its fields.</summary>
    public IReadOnlyList<ShownField> Fields { get; init; } = [];

    /// <summary>Gets the outcome in one word.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the reason, in a sentence or two.</summary>
    public required string Why { get; init; }

    /// <summary>Gets the times it was drawn.</summary>
    public required long Count { get; init; }

    /// <summary>Gets its probability.</summary>
    public required double Probability { get; init; }

    /// <summary>Gets its density; null where it was not taken.</summary>
    public double? Density { get; init; }

    /// <summary>Gets the distance within which rows are near-copies.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the row that stands for it, or null.</summary>
    public long? CopyOf { get; init; }

    /// <summary>Gets the rows that are the same.</summary>
    public IReadOnlyList<long> Copies { get; init; } = [];

    /// <summary>Gets the nearest other rows within the bandwidth.</summary>
    public IReadOnlyList<NearCopy> NearCopies { get; init; } = [];

    /// <summary>Gets how relevant it is to each task.</summary>
    public IReadOnlyList<RowRelevance> Relevance { get; init; } = [];

    /// <summary>Gets the targets that send it most, or that come nearest to it.</summary>
    public IReadOnlyList<RowPull> Targets { get; init; } = [];
}
