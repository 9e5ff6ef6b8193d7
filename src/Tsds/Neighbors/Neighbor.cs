namespace Tsds.Neighbors;

/// <summary>
/// A candidate near a query, ordered by distance, ties by id. The order is total, so that results do not depend on the
/// order of arrival.
/// </summary>
internal readonly record struct Neighbor(double DistanceSquared, long CandidateId) : IComparable<Neighbor>
{
    public int CompareTo(Neighbor other)
    {
        int order = DistanceSquared.CompareTo(other.DistanceSquared);
        return order != 0 ? order : CandidateId.CompareTo(other.CandidateId);
    }
}
