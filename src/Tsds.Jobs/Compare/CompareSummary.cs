using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>The result of a comparison, for the user.</summary>
internal sealed record CompareSummary
{
    /// <summary>Gets the candidates that could be chosen.</summary>
    public required long PoolRows { get; init; }

    /// <summary>Gets the targets.</summary>
    public required int TargetRows { get; init; }

    /// <summary>Gets the groups that they belong to, none of which was split.</summary>
    public required int TargetGroups { get; init; }

    /// <summary>
    /// Gets the number of folds: the splits of the targets into a selection split and held-out targets.
    /// </summary>
    public required int Folds { get; init; }

    /// <summary>Gets how well the targets of each task know each other; tasks of one target are left out.</summary>
    public required IReadOnlyList<TaskAcquaintance> Acquaintance { get; init; }

    /// <summary>Gets the rows that each method chose.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the bandwidth σ within which two rows counted as copies.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the methods in the order in which they were asked for, <c>tsds</c> first.</summary>
    public required IReadOnlyList<MethodScore> Methods { get; init; }

    /// <summary>Gets the methods that took no part.</summary>
    public required IReadOnlyList<LeftOutMethod> LeftOut { get; init; }

    /// <summary>Gets the number of <see cref="Methods"/> that an earlier run had completed.</summary>
    public required int KnownMethods { get; init; }

    /// <summary>Gets the rows that could not be used and were left out.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>
    /// Gets a short description of the numbers of embedded rows and of known vectors, or null if all were ready-made.
    /// </summary>
    public required string? Embedding { get; init; }

    /// <summary>Gets the paths of the files written.</summary>
    public required IReadOnlyList<string> FilesWritten { get; init; }

    /// <summary>Gets the wall time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the estimate of memory beyond mapped files, made before the first method began.</summary>
    public required long EstimatedMemoryBytes { get; init; }

    /// <summary>Gets the peak resident memory, mapped file pages included.</summary>
    public required long PeakMemoryBytes { get; init; }
}
