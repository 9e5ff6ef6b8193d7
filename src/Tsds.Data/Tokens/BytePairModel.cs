using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// Cuts words into pieces by merging pairs of neighbors, in the order of a list; characters that are no piece become a
/// piece for each byte. Byte pair encoding as SentencePiece models have it.
/// </summary>
/// <seealso href="https://arxiv.org/abs/1508.07909">Sennrich et al. 2016</seealso>
internal sealed class BytePairModel
{
    private readonly IReadOnlyDictionary<string, int> _ids;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges = [];
    private readonly PieceBytes? _bytes;
    private readonly int? _unknown;
    private readonly bool _joinsUnknown;

    /// <summary>Initializes a model.</summary>
    /// <param name="ids">The pieces with their ids.</param>
    /// <param name="merges">The pairs that are merged, the first ones first.</param>
    /// <param name="unknown">The id of what is no piece, or null if it is dropped.</param>
    /// <param name="joinsUnknown">True if unknown characters in a row are one token.</param>
    public BytePairModel(
        IReadOnlyDictionary<string, int> ids,
        IEnumerable<(string Left, string Right)> merges,
        int? unknown,
        bool joinsUnknown
    )
    {
        (_ids, _unknown, _joinsUnknown) = (ids, unknown, joinsUnknown);
        _bytes = PieceBytes.TryFind(ids);
        foreach ((string left, string right) in merges)
        {
            // Of a pair that is listed twice the later place counts, as in the library of such files.
            _merges[(ids[left], ids[right])] = (_merges.Count, ids[left + right]);
        }
    }

    /// <summary>Cuts a word. May be called from several threads.</summary>
    /// <param name="word">The word, normalized.</param>
    /// <param name="tokens">Receives the ids.</param>
    public void Cut(string word, List<int> tokens)
    {
        List<int> symbols = [];
        bool afterUnknown = false;
        foreach (Rune rune in word.EnumerateRunes())
        {
            string character = rune.ToString();
            if (_ids.TryGetValue(character, out int id))
            {
                symbols.Add(id);
                afterUnknown = false;
            }
            else if (_bytes is not null)
            {
                _bytes.Append(character, symbols);
                afterUnknown = false;
            }
            else if (_unknown is { } unknown && !(afterUnknown && _joinsUnknown))
            {
                symbols.Add(unknown);
                afterUnknown = true;
            }
        }

        Merge(symbols, tokens);
    }

    private void Merge(List<int> symbols, List<int> tokens)
    {
        const int None = -1;
        int count = symbols.Count;
        int[] ids = [.. symbols];
        int[] next = [.. Enumerable.Range(1, count)];
        int[] previous = [.. Enumerable.Range(-1, count)];
        PriorityQueue<(int Position, int Id), (int Rank, int Position)> pairs = new();
        for (int i = 0; i + 1 < count; i++)
        {
            Offer(i);
        }

        while (pairs.TryDequeue(out (int Position, int Id) pair, out _))
        {
            (int left, int merged) = pair;
            if (ids[left] == None || next[left] >= count)
            {
                continue;
            }

            int right = next[left];
            if (!_merges.TryGetValue((ids[left], ids[right]), out (int, int Id) found) || found.Id != merged)
            {
                continue;
            }

            ids[left] = merged;
            ids[right] = None;
            next[left] = next[right];
            if (next[left] < count)
            {
                previous[next[left]] = left;
                Offer(left);
            }

            if (previous[left] >= 0)
            {
                Offer(previous[left]);
            }
        }

        tokens.AddRange(ids.Where(id => id != None));

        void Offer(int position)
        {
            if (_merges.TryGetValue((ids[position], ids[next[position]]), out (int Rank, int Id) merge))
            {
                pairs.Enqueue((position, merge.Id), (merge.Rank, position));
            }
        }
    }
}
