namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// Counts buckets: a hash table with open addressing that forgets everything at little cost, so that one instance
/// serves text after text.
/// </summary>
internal sealed class FeatureTable
{
    /// <summary>For each slot the number of its entry, from 1; 0 where it is free.</summary>
    private int[] _slots = new int[1 << 10];

    private FeatureCount[] _entries = new FeatureCount[1 << 9];
    private int[] _places = new int[1 << 9];
    private int _count;

    /// <summary>Gets each bucket that was added, once, in the order of first occurrence.</summary>
    public ReadOnlySpan<FeatureCount> Entries => _entries.AsSpan(0, _count);

    /// <summary>Forgets all buckets.</summary>
    public void Clear()
    {
        foreach (int place in _places.AsSpan(0, _count))
        {
            _slots[place] = 0;
        }

        _count = 0;
    }

    /// <summary>Counts a bucket once more.</summary>
    public void Add(int bucket)
    {
        int place = PlaceOf(bucket);
        int number = _slots[place];
        if (number > 0)
        {
            ref FeatureCount known = ref _entries[number - 1];
            known = new FeatureCount(bucket, known.Count + 1);
            return;
        }

        if (_count == _entries.Length)
        {
            Grow();
            place = PlaceOf(bucket);
        }

        _entries[_count] = new FeatureCount(bucket, 1);
        _places[_count] = place;
        _slots[place] = ++_count;
    }

    /// <summary>Returns the slot of a bucket, or the free one that is its own.</summary>
    private int PlaceOf(int bucket)
    {
        // Buckets are hashes already. Half of the slots stay free.
        int[] slots = _slots;
        int place = bucket & (slots.Length - 1);
        while (slots[place] is var number and > 0 && _entries[number - 1].Bucket != bucket)
        {
            place = (place + 1) & (slots.Length - 1);
        }

        return place;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, 2 * _entries.Length);
        Array.Resize(ref _places, _entries.Length);
        _slots = new int[2 * _entries.Length];
        for (int entry = 0; entry < _count; entry++)
        {
            int place = PlaceOf(_entries[entry].Bucket);
            _slots[place] = entry + 1;
            _places[entry] = place;
        }
    }
}
