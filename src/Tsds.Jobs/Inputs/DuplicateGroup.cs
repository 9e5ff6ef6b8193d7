namespace Tsds.Jobs.Inputs;

/// <summary>
/// Reached candidates, without a plan chosen rows, that are near-duplicates of one another, taken transitively; and the
/// rows that one of them stands for.
/// </summary>
/// <param name="Cluster">Its number, from 0, in the order of the first members.</param>
/// <param name="Representative">The member with the highest density, of equal ones the first; without a plan the member
/// chosen first.</param>
/// <param name="Members">At least two, ascending by row.</param>
public sealed record DuplicateGroup(int Cluster, long Representative, IReadOnlyList<GroupMember> Members)
{
    /// <summary>Gets how many of the members were drawn.</summary>
    public int DrawnCount => Members.Count(member => member.Count > 0);

    /// <summary>The number of the cluster of each row that is in one.</summary>
    internal static Dictionary<long, int> NumberByRow(IEnumerable<DuplicateGroup> clusters) =>
        clusters
            .SelectMany(cluster => cluster.Members.Select(member => (member.Row, cluster.Cluster)))
            .ToDictionary(pair => pair.Row, pair => pair.Cluster);
}
