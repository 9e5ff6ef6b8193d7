namespace Tsds.Jobs.Explain;

/// <summary>The relevance of a row to a task.</summary>
/// <param name="Task">The task, or null where there is one that nobody named.</param>
/// <param name="TargetShare">The share of the task's targets, by weight, that are not more relevant.</param>
/// <param name="Cost">What that adds to the row's squared distances from the task's targets.</param>
internal sealed record RowRelevance(string? Task, double TargetShare, double Cost);
