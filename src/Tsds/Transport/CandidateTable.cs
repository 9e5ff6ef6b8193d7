namespace Tsds.Transport;

/// <summary>
/// The candidates met so far, numbered in the order in which they were met, with their densities once these are known.
/// </summary>
internal sealed class CandidateTable
{
    private const int FirstCapacity = 64;

    /// <summary>
    /// The largest pool whose candidates each have a slot of their own: 64 MB, of which only pages that are met count.
    /// </summary>
    private const long LargestDirect = 1 << 24;

    // Slots hold the numbers, plus 1. In a pool that is not too large an id is its slot: one access, where 10⁸
    // neighbors are numbered one after the other. Else a hash table with open addressing, in which the ids are compared
    // where they lie anyway; at most half full: 8 to 16 bytes per candidate, where a dictionary needs 28 to 56.
    private readonly bool _isDirect;
    private int[] _slots;
    private int _shift = 64 - 7;
    private long[] _candidateIds = new long[FirstCapacity];
    private double[] _densities = new double[FirstCapacity];
    private double[] _weights = new double[FirstCapacity];

    /// <summary>Initializes an empty table.</summary>
    /// <param name="idLimit">The number that all ids are below.</param>
    public CandidateTable(long idLimit)
    {
        _isDirect = idLimit <= LargestDirect;
        _slots = new int[_isDirect ? (int)idLimit : 2 * FirstCapacity];
    }

    public int Count { get; private set; }

    public ReadOnlySpan<long> CandidateIds => _candidateIds.AsSpan(0, Count);

    /// <summary>Gets the densities by index; NaN if not known yet.</summary>
    public ReadOnlySpan<double> Densities => _densities.AsSpan(0, Count);

    /// <summary>Gets the weights 1/ρ by index; NaN if not known yet.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>Gets the number of candidates whose density was evaluated.</summary>
    public int EvaluatedCount { get; private set; }

    /// <summary>Gets the number of these that have another candidate within the bandwidth: ρ &gt; 1.</summary>
    public int NearDuplicateCount { get; private set; }

    /// <summary>Gets the number of each candidate; candidates met for the first time get the next numbers.</summary>
    public void IndexesOf(ReadOnlySpan<long> candidateIds, Span<int> indexes)
    {
        for (int n = 0; n < candidateIds.Length; n++)
        {
            indexes[n] = IndexOf(candidateIds[n]);
        }
    }

    public bool IsKnown(int index) => !double.IsNaN(_weights[index]);

    /// <summary>Sets the weight of a candidate to 1 without evaluating a density.</summary>
    public void SetUniform(int index)
    {
        _densities[index] = 1;
        _weights[index] = 1;
    }

    /// <summary>Sets the density of a candidate.</summary>
    /// <exception cref="InvalidOperationException">The pool says that a candidate does not count itself.</exception>
    public void SetDensity(int index, double density)
    {
        if (!(density > 1 - 1e-6 && double.IsFinite(density)))
        {
            throw new InvalidOperationException(
                $"Expected the pool to estimate densities of at least 1, a candidate counting itself, found "
                    + $"{density} for candidate {_candidateIds[index]}."
            );
        }

        _densities[index] = density;
        _weights[index] = 1 / density;
        EvaluatedCount++;
        if (density > 1)
        {
            NearDuplicateCount++;
        }
    }

    private int IndexOf(long candidateId)
    {
        int slot = SlotOf(candidateId);
        if (_slots[slot] > 0)
        {
            return _slots[slot] - 1;
        }

        if (Count == _candidateIds.Length)
        {
            Grow();
            slot = SlotOf(candidateId);
        }

        _candidateIds[Count] = candidateId;
        _densities[Count] = double.NaN;
        _weights[Count] = double.NaN;
        _slots[slot] = ++Count;
        return Count - 1;
    }

    /// <summary>Returns the slot of a candidate, or the empty slot in which it belongs.</summary>
    private int SlotOf(long candidateId)
    {
        if (_isDirect)
        {
            return (ulong)candidateId < (ulong)_slots.Length ? (int)candidateId : throw OutOfRange(candidateId);
        }

        // Multiplying by 2⁶⁴/φ and keeping the upper bits spreads ids that lie close together.
        int slot = (int)(unchecked((ulong)candidateId * 0x9E3779B97F4A7C15) >> _shift);
        while (_slots[slot] > 0 && _candidateIds[_slots[slot] - 1] != candidateId)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    private InvalidOperationException OutOfRange(long candidateId) =>
        new($"Expected the pool to give ids from 0 to {_slots.Length - 1}, found {candidateId}.");

    private void Grow()
    {
        int capacity = checked(2 * Count);
        Array.Resize(ref _candidateIds, capacity);
        Array.Resize(ref _densities, capacity);
        Array.Resize(ref _weights, capacity);
        if (_isDirect)
        {
            return;
        }

        _slots = new int[checked(2 * capacity)];
        _shift--;
        for (int index = 0; index < Count; index++)
        {
            _slots[SlotOf(_candidateIds[index])] = index + 1;
        }
    }
}
