using System.Runtime.InteropServices;
using Tsds.Data.Tokens;

namespace Tsds.Data.Embedding.Static;

/// <summary>
/// Splits texts into word pieces. White space ends every piece, so that each run without white space is split once and
/// cached; most runs of a text have occurred before.
/// </summary>
/// <param name="tokenizer">Cuts a run.</param>
/// <remarks>For one thread at a time.</remarks>
internal sealed class PieceReader(TextTokenizer tokenizer)
{
    /// <summary>The longest run that is cached; longer ones hardly ever occur again.</summary>
    private const int LongestKept = 40;

    /// <summary>The largest number of cached runs, about 30 MB; then the cache is cleared.</summary>
    private const int MostKept = 200_000;

    private readonly Dictionary<string, (int Start, int Count)> _known = new(StringComparer.Ordinal);
    private readonly List<int> _pieces = [];
    private readonly List<int> _read = [];

    /// <summary>Splits a text.</summary>
    /// <returns>The pieces in their order, without special ones; good until the next call.</returns>
    public ReadOnlySpan<int> Read(ReadOnlySpan<char> text)
    {
        _read.Clear();
        while (!(text = text.TrimStart(" \t\r\n")).IsEmpty)
        {
            int length = text.IndexOfAny(" \t\r\n");
            ReadOnlySpan<char> run = length < 0 ? text : text[..length];
            text = text[run.Length..];
            AddRun(run);
        }

        return CollectionsMarshal.AsSpan(_read);
    }

    private void AddRun(ReadOnlySpan<char> run)
    {
        var known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(run, out (int Start, int Count) pieces))
        {
            IReadOnlyList<int> cut = tokenizer.Cut(run.ToString());
            if (run.Length > LongestKept)
            {
                _read.AddRange(cut);
                return;
            }

            if (_known.Count == MostKept)
            {
                _known.Clear();
                _pieces.Clear();
            }

            pieces = (_pieces.Count, cut.Count);
            _pieces.AddRange(cut);
            known[run] = pieces;
        }

        _read.AddRange(CollectionsMarshal.AsSpan(_pieces).Slice(pieces.Start, pieces.Count));
    }
}
