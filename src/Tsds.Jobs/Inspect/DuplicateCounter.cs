using Tsds.Data.Rows;

namespace Tsds.Jobs.Inspect;

/// <summary>Counts repeated texts, in bounded memory.</summary>
/// <remarks>
/// Texts are compared by 64 bits of SHA-256 of the text with runs of white space as one space and none at the ends: of
/// 16 million texts, the chance that any two different ones are confused is 1 in 100,000. When the table is full, the
/// texts whose hash is in the upper half of its range are forgotten and not looked at from then on, and so on: the rest
/// is a sample by content, in which each text is with all of its copies, and counts for the whole.
/// </remarks>
internal sealed class DuplicateCounter
{
    private readonly int _capacity;
    private readonly HashSet<ulong> _seen = [];
    private readonly NormalText _normal = new();
    private long _repeats;
    private int _halvings;

    /// <summary>Initializes a new instance of the <see cref="DuplicateCounter"/> class.</summary>
    /// <param name="capacity">The most hashes to hold; about 30 bytes each at worst.</param>
    public DuplicateCounter(int capacity = 1 << 24)
    {
        _capacity = capacity;
    }

    /// <summary>Gets a value indicating whether every text was compared.</summary>
    public bool IsExact => _halvings == 0;

    /// <summary>Gets the number of texts that were there before, or its estimate.</summary>
    public long Count => _repeats << _halvings;

    /// <summary>Counts a text.</summary>
    /// <param name="text">The text; one without letters or signs is no text, and never a duplicate.</param>
    public void Add(ReadOnlySpan<char> text)
    {
        if (_normal.HashOf(text) is not { } digest)
        {
            return;
        }

        ulong hash = (ulong)digest;
        if (!IsSampled(hash))
        {
            return;
        }

        if (!_seen.Add(hash))
        {
            _repeats++;
        }
        else if (_seen.Count > _capacity)
        {
            Halve();
        }
    }

    private bool IsSampled(ulong hash) => _halvings == 0 || hash >> (64 - _halvings) == 0;

    private void Halve()
    {
        // The repeats of the half that goes were of texts like those of the half that stays.
        _halvings++;
        _seen.RemoveWhere(hash => !IsSampled(hash));
        _repeats /= 2;
    }
}
