namespace Tsds.Neighbors;

/// <summary>Keeps the k smallest of a stream of neighbors, in any order of arrival.</summary>
internal sealed class TopK
{
    private readonly int _k;
    private readonly Lock _lock = new();
    private Neighbor[] _buffer;
    private int _count;
    private double _limit = double.PositiveInfinity;

    public TopK(int k)
    {
        _k = k;

        // Twice k, so that a cut is paid for by k arrivals; short at first, because most queries of a small pool never fill it.
        _buffer = new Neighbor[Math.Min(2 * k, 64)];
    }

    /// <summary>Gets the squared distance that a neighbor must not exceed: that of the k-th smallest at the last cut.</summary>
    public double Limit => Volatile.Read(ref _limit);

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

    /// <summary>Returns the k smallest, ascending.</summary>
    public ReadOnlySpan<Neighbor> Sort()
    {
        Array.Sort(_buffer, 0, _count);
        _count = Math.Min(_count, _k);
        return _buffer.AsSpan(0, _count);
    }

    private void MakeRoom()
    {
        if (_buffer.Length < 2 * _k)
        {
            Array.Resize(ref _buffer, Math.Min(2 * _k, 2 * _buffer.Length));
            return;
        }

        Sort();
        Volatile.Write(ref _limit, _buffer[_k - 1].DistanceSquared);
    }
}
