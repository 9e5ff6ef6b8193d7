namespace Tsds.Jobs.Batch;

/// <summary>The result of a task.</summary>
/// <param name="Part">The file of its part.</param>
/// <param name="Round">The round that it answers, from 1.</param>
/// <param name="Rows">The candidates that it searched.</param>
/// <param name="WasFinished">True if an earlier run had written the part.</param>
/// <param name="Elapsed">Wall time.</param>
public sealed record ShardSummary(string Part, int Round, long Rows, bool WasFinished, TimeSpan Elapsed);
