namespace Tsds.Neighbors;

/// <summary>Keeps the k smallest of a stream of neighbors, whatever the order of arrival.</summary>
internal sealed class TopK
{
    private readonly int _k;
    private readonly Lock _lock = new();
    private Neighbor[] _buffer;
    private int _count;
    private double _limit;

    /// <summary>Initializes an empty selection.</summary>
    /// <param name="k">How many to keep.</param>
    /// <param name="limit">A squared distance that none of the k smallest is expected to exceed.</param>
    public TopK(int k, double limit)
    {
        _k = k;
        _limit = limit;

        // Twice k at most, so that a cut is paid for by k arrivals; short at first, because most queries of a small
        // pool never fill it.
        _buffer = new Neighbor[Math.Min(2 * k, 64)];
    }

    /// <summary>
    /// Gets the squared distance that a neighbor must not exceed: the limit at first, later that of the k-th smallest
    /// at the last cut.
    /// </summary>
    public double Limit => Volatile.Read(ref _limit);

    /// <summary>
    /// Gets a value indicating whether k neighbors lie within the limit, so that they are the k smallest of all.
    /// </summary>
    public bool IsComplete => _count >= _k;

    public void Add(Neighbor neighbor)
    {
        lock (_lock)
        {
            if (neighbor.DistanceSquared > _limit)
            {
                return;
            }

            if (_count == _buffer.Length)
            {
                MakeRoom();
            }

            _buffer[_count++] = neighbor;
        }
    }

    /// <summary>
    /// Writes the k smallest, ascending, ties by id, and releases the buffer. If there are fewer, the rest is
    /// <see cref="NeighborTable.NoCandidate"/> at an infinite distance.
    /// </summary>
    public void MoveTo(Span<long> candidateIds, Span<double> distancesSquared)
    {
        Span<Neighbor> kept = _buffer.AsSpan(0, _count);
        int found = Math.Min(_k, _count);
        QuickSelect.Partition(kept, found);
        for (int n = 0; n < found; n++)
        {
            candidateIds[n] = kept[n].CandidateId;
            distancesSquared[n] = kept[n].DistanceSquared;
        }

        _buffer = [];
        candidateIds[found..].Fill(NeighborTable.NoCandidate);
        distancesSquared[found..].Fill(double.PositiveInfinity);
        distancesSquared[..found].Sort(candidateIds[..found]);
        for (int start = 0; start < found; )
        {
            int end = start + 1;
            while (end < found && distancesSquared[end] == distancesSquared[start])
            {
                end++;
            }

            candidateIds[start..end].Sort();
            start = end;
        }
    }

    private void MakeRoom()
    {
        if (_buffer.Length < 2 * _k)
        {
            Array.Resize(ref _buffer, Math.Min(2 * _k, 2 * _buffer.Length));
            return;
        }

        QuickSelect.Partition(_buffer, _k);
        _count = _k;
        double largest = 0;
        foreach (Neighbor neighbor in _buffer.AsSpan(0, _k))
        {
            largest = Math.Max(largest, neighbor.DistanceSquared);
        }

        Volatile.Write(ref _limit, largest);
    }
}
