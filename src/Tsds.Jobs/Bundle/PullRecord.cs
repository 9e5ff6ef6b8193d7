using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>A target that sends mass to a candidate.</summary>
internal sealed record PullRecord
{
    /// <summary>Gets the number of the target.</summary>
    public required int Target { get; init; }

    /// <summary>Gets the task of the target; null if nobody named one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

    /// <summary>Gets the mass that the target sends.</summary>
    public required double Mass { get; init; }

    /// <summary>Gets the distance between the two.</summary>
    public required double Distance { get; init; }
}
