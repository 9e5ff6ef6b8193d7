using System.Runtime.InteropServices;
using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>The turns of one row, their texts joined by line breaks. The instance is reused from row to row.</summary>
internal sealed class RowText
{
    private readonly CharBuffer _chars = new();
    private readonly List<RowTurn> _turns = [];
    private int _partStart;
    private int _turnStart;

    /// <summary>Gets the whole text: all turns in their order, joined by line breaks.</summary>
    public ReadOnlySpan<char> Span => _chars.Span;

    /// <summary>Gets the turns that have any text, in their order; valid until the next change.</summary>
    public ReadOnlySpan<RowTurn> Turns => CollectionsMarshal.AsSpan(_turns);

    /// <summary>Gets the text of one turn.</summary>
    /// <param name="turn">A turn of this row.</param>
    /// <returns>The characters; valid until the next change.</returns>
    public ReadOnlySpan<char> TextOf(RowTurn turn) => _chars.Span.Slice(turn.Start, turn.Length);

    /// <summary>Clears the row.</summary>
    public void Clear()
    {
        _chars.Truncate(0);
        _turns.Clear();
    }

    /// <summary>Begins a turn, whose text and role may follow in any order.</summary>
    public void BeginTurn()
    {
        _partStart = _chars.Length;
        if (_partStart > 0)
        {
            _chars.Append('\n');
        }

        _turnStart = _chars.Length;
    }

    /// <summary>Clears the text of the current turn, for a field that appears twice: the last one counts.</summary>
    public void RestartTurn() => _chars.Truncate(_turnStart);

    /// <summary>Adds a part to the turn, on a line of its own.</summary>
    /// <param name="reader">A reader that stands at a string.</param>
    public void AppendPart(ref Utf8JsonReader reader)
    {
        int before = _chars.Length;
        if (before > _turnStart)
        {
            _chars.Append('\n');
        }

        int start = _chars.Length;
        _chars.AppendString(ref reader);
        if (_chars.Length == start)
        {
            _chars.Truncate(before);
        }
    }

    /// <summary>Ends the turn; a turn without text is dropped.</summary>
    /// <param name="role">Who speaks.</param>
    public void EndTurn(TurnRole role)
    {
        if (_chars.Length == _turnStart)
        {
            _chars.Truncate(_partStart);
        }
        else
        {
            _turns.Add(new RowTurn(role, _turnStart, _chars.Length - _turnStart));
        }
    }

    /// <summary>
    /// Determines whether the turns from <paramref name="second"/> on begin with the turns between the two positions.
    /// </summary>
    /// <param name="first">The first of the turns that may be repeated.</param>
    /// <param name="second">The turn after the last of them.</param>
    /// <returns>True when each of them, at least one, is there again with the same role and text.</returns>
    public bool Repeats(int first, int second)
    {
        int count = second - first;
        if (count == 0 || _turns.Count - second < count)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            RowTurn one = _turns[first + i];
            RowTurn other = _turns[second + i];
            if (one.Role != other.Role || !TextOf(one).SequenceEqual(TextOf(other)))
            {
                return false;
            }
        }

        return true;
    }
}
