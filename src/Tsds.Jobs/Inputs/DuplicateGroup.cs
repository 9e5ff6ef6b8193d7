using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// A duplicate group: reached candidates, or chosen rows if there is no plan, that are near-duplicates of one another,
/// taken transitively; and the rows that one of them stands for.
/// </summary>
/// <param name="Cluster">Its number, from 0, in the order of the first members.</param>
/// <param name="Representative">The member with the highest density, of equal ones the first; without a plan the member
/// chosen first.</param>
/// <param name="Members">At least two, ascending by row.</param>
internal sealed record DuplicateGroup(
    int Cluster,
    long Representative,
    [property: JsonPropertyOrder(1)] IReadOnlyList<GroupMember> Members
)
{
    /// <summary>Gets the number of members that were drawn.</summary>
    [JsonPropertyName("drawn")]
    public int DrawnCount => Members.Count(member => member.Count > 0);

    /// <summary>Returns the number of the group of each row that is in one.</summary>
    public static Dictionary<long, int> NumberByRow(IEnumerable<DuplicateGroup> clusters) =>
        clusters
            .SelectMany(cluster => cluster.Members.Select(member => (member.Row, cluster.Cluster)))
            .ToDictionary(pair => pair.Row, pair => pair.Cluster);
}
