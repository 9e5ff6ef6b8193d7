using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>The relevance of a candidate to a task.</summary>
/// <param name="Task">The task; null if nobody named one.</param>
/// <param name="Score">Its relevance, 1 for the median target and 0 for the pool on average; null if the targets do not
/// tell.</param>
/// <param name="TargetShare">The share of the targets that are not more relevant; null if they do not tell.</param>
/// <param name="Cost">What that adds to squared distances from the targets of the task.</param>
internal sealed record RelevanceRecord(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Task,
    double Score,
    double TargetShare,
    double Cost
);
