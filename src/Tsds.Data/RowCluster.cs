namespace Tsds.Data;

/// <summary>Reached candidates that are near-duplicates of one another, taken transitively.</summary>
/// <param name="Cluster">Its number, from 0, in the order of the first members.</param>
/// <param name="Representative">The member with the highest density, of equal ones the first.</param>
/// <param name="Members">At least two, ascending by row.</param>
public sealed record RowCluster(int Cluster, long Representative, IReadOnlyList<ClusterMember> Members)
{
    /// <summary>Gets how many of the members were drawn.</summary>
    public int DrawnCount => Members.Count(member => member.Count > 0);
}
