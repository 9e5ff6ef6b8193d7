using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>A candidate in a duplicate group.</summary>
/// <param name="Row">The candidate.</param>
/// <param name="Distance">Distance to the representative, 0 for itself; may exceed the bandwidth, for copies are taken
/// transitively.</param>
/// <param name="NearestDistance">Distance to the nearest other member, below the bandwidth.</param>
/// <param name="Count">How often it was drawn, 0 included.</param>
/// <param name="CopyOf">The candidate that is the same row and stands for it; null for a candidate.</param>
internal sealed record GroupMember(
    long Row,
    double Distance,
    double NearestDistance,
    long Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CopyOf = null
);
