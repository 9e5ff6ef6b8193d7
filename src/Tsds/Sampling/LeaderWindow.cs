using Tsds.Numerics;

namespace Tsds.Sampling;

/// <summary>The last few groups that were begun, each known by its first row.</summary>
internal sealed class LeaderWindow
{
    private readonly double _farthestSquared;
    private readonly int[] _groupOf;
    private readonly (int Row, float[] Embedding)[] _leaders;
    private int _begun;
    private int _groupCount;

    /// <summary>Initializes a window without groups.</summary>
    /// <param name="size">How many groups are remembered.</param>
    /// <param name="farthest">The distance from a group's first row up to which a row belongs to it.</param>
    /// <param name="groupOf">Receives the group of each row; a row without companions has none.</param>
    public LeaderWindow(int size, double farthest, int[] groupOf)
    {
        _leaders = new (int, float[])[size];
        _farthestSquared = farthest * farthest;
        _groupOf = groupOf;
    }

    /// <summary>Adds a row to the nearest group, or begins one.</summary>
    public void Join(int row, ReadOnlySpan<float> embedding)
    {
        int nearest = -1;
        double nearestSquared = _farthestSquared;
        for (int i = 0; i < Math.Min(_begun, _leaders.Length); i++)
        {
            double distanceSquared = DistanceKernels.DistanceSquared(embedding, _leaders[i].Embedding);
            if (distanceSquared <= nearestSquared)
            {
                (nearest, nearestSquared) = (i, distanceSquared);
            }
        }

        if (nearest < 0)
        {
            _leaders[_begun++ % _leaders.Length] = (row, embedding.ToArray());
            return;
        }

        ref int group = ref _groupOf[_leaders[nearest].Row];
        group = group == CopyGroups.Alone ? _groupCount++ : group;
        _groupOf[row] = group;
    }
}
