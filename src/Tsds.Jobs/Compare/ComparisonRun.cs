namespace Tsds.Jobs.Compare;

/// <summary>The part of a comparison's file that may differ between two runs.</summary>
/// <param name="Output">The folder as the user named it.</param>
/// <param name="Threads">The threads.</param>
/// <param name="MemoryLimit">The limit of memory in bytes, or null.</param>
/// <param name="Seconds">The wall time by stage, and in all.</param>
/// <param name="MethodSeconds">What selecting took, by method.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
internal sealed record ComparisonRun(
    string Output,
    int Threads,
    long? MemoryLimit,
    OrderedDictionary<string, double> Seconds,
    OrderedDictionary<string, double> MethodSeconds,
    long PeakMemoryBytes
);
