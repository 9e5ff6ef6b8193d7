namespace Tsds.Data.Rows;

/// <summary>A set of rows by their numbers, one bit for each row of a pool.</summary>
/// <param name="rowCount">The number of rows of the pool.</param>
internal sealed class MarkedRows(long rowCount)
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _words = new ulong[(rowCount + BitsPerWord - 1) / BitsPerWord];

    /// <summary>Gets the number of rows in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its number.</param>
    public void Add(long row)
    {
        ulong bit = 1UL << (int)(row % BitsPerWord);
        ref ulong word = ref _words[row / BitsPerWord];
        Count += (word & bit) == 0 ? 1 : 0;
        word |= bit;
    }

    /// <summary>Determines whether a row is in the set.</summary>
    /// <param name="row">Its number.</param>
    public bool Contains(long row) => (_words[row / BitsPerWord] >> (int)(row % BitsPerWord) & 1) != 0;
}
