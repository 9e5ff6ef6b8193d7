namespace Tsds.Neighbors;

/// <summary>
/// A candidate near a query. Ordered by distance, ties by id: a total order, so that results do not depend on who came
/// first.
/// </summary>
internal readonly record struct Neighbor(double DistanceSquared, long CandidateId) : IComparable<Neighbor>
{
    public int CompareTo(Neighbor other)
    {
        int order = DistanceSquared.CompareTo(other.DistanceSquared);
        return order != 0 ? order : CandidateId.CompareTo(other.CandidateId);
    }
}
