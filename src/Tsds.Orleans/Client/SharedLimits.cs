namespace Tsds.Orleans.Client;

/// <summary>
/// The squared distance of each target's k-th neighbor, as far as any worker has found k. No worker needs to search
/// beyond it.
/// </summary>
internal sealed class SharedLimits
{
    private readonly Lock _lock = new();
    private readonly double[] _farthest;
    private int _version;

    public SharedLimits(int targets)
    {
        _farthest = new double[targets];
        Array.Fill(_farthest, double.PositiveInfinity);
    }

    /// <summary>Merges the distances that a worker has found.</summary>
    public void Add(double[]? farthest)
    {
        lock (_lock)
        {
            for (int target = 0; target < farthest?.Length; target++)
            {
                if (farthest[target] < _farthest[target])
                {
                    _farthest[target] = farthest[target];
                    _version++;
                }
            }
        }
    }

    /// <summary>Gets the current limits if they have changed since the last call, or null.</summary>
    /// <param name="seen">The version that the caller knows; becomes the current one.</param>
    public double[]? NewsSince(ref int seen)
    {
        lock (_lock)
        {
            if (_version == seen)
            {
                return null;
            }

            seen = _version;
            return [.. _farthest];
        }
    }
}
