using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// Cuts words into the pieces of a unigram language model: those whose logarithms of probability have the largest sum.
/// </summary>
/// <seealso href="https://arxiv.org/abs/1804.10959">Kudo 2018, Subword regularization</seealso>
internal sealed class UnigramModel
{
    /// <summary>The cost of an unknown character beside the least probable piece.</summary>
    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int> _ids = [];
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _longest;
    private readonly PieceBytes? _bytes;
    private readonly int _unknown;

    /// <summary>Initializes a model.</summary>
    /// <param name="pieces">The pieces by id, with the logarithm of the probability of each.</param>
    /// <param name="unknown">The id of what no piece covers.</param>
    /// <param name="usesBytes">True if what no piece covers becomes a piece for each byte.</param>
    public UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int unknown, bool usesBytes)
    {
        _scores = [.. pieces.Select(piece => piece.Score)];
        for (int id = 0; id < pieces.Count; id++)
        {
            _ids[pieces[id].Piece] = id;
        }

        _unknown = unknown;
        _unknownScore = _scores.Min() - UnknownPenalty;
        _longest = pieces.Max(piece => piece.Piece.Length);
        _bytes = usesBytes ? PieceBytes.TryFind(_ids) : null;
    }

    /// <summary>Cuts a word. May be called from several threads.</summary>
    /// <param name="word">The word, normalized.</param>
    /// <param name="tokens">Receives the ids.</param>
    public void Cut(string word, List<int> tokens)
    {
        // The best way to each position: where its last piece starts, and which it is.
        int count = word.Length;
        double[] best = new double[count + 1];
        int[] starts = new int[count + 1];
        int[] ids = new int[count + 1];
        starts.AsSpan().Fill(-1);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known = _ids.GetAlternateLookup<
            ReadOnlySpan<char>
        >();
        for (int start = 0; start < count; )
        {
            Rune.DecodeFromUtf16(word.AsSpan(start), out _, out int width);
            bool hasSingle = false;
            for (int length = 1; length <= Math.Min(_longest, count - start); length++)
            {
                if (known.TryGetValue(word.AsSpan(start, length), out int id))
                {
                    Offer(start, length, id, _scores[id]);
                    hasSingle |= length == width;
                }
            }

            if (!hasSingle)
            {
                Offer(start, width, _unknown, _unknownScore);
            }

            start += width;
        }

        List<(int Start, int End, int Id)> path = [];
        for (int end = count; end > 0; end = starts[end])
        {
            path.Add((starts[end], end, ids[end]));
        }

        path.Reverse();
        for (int i = 0; i < path.Count; i++)
        {
            (int start, int end, int id) = path[i];
            if (id != _unknown)
            {
                tokens.Add(id);
                continue;
            }

            // Unknown characters in a row are one token.
            while (i + 1 < path.Count && path[i + 1].Id == _unknown)
            {
                end = path[++i].End;
            }

            if (known.TryGetValue(word.AsSpan(start, end - start), out int named))
            {
                tokens.Add(named);
            }
            else if (_bytes is null)
            {
                tokens.Add(_unknown);
            }
            else
            {
                _bytes.Append(word.AsSpan(start, end - start), tokens);
            }
        }

        void Offer(int start, int length, int id, double score)
        {
            int end = start + length;
            double sum = best[start] + score;
            if (starts[end] < 0 || sum > best[end])
            {
                (best[end], starts[end], ids[end]) = (sum, start, id);
            }
        }
    }
}
