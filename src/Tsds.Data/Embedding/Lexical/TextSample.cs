using Tsds.Sampling;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// A bounded sample of the texts of a stream: those whose row numbers have the smallest hashes, so that it depends on
/// nothing else.
/// </summary>
internal sealed class TextSample
{
    private readonly LexicalEmbedderOptions _options;
    private readonly PriorityQueue<(long Row, string Text), ulong> _kept = new(
        Comparer<ulong>.Create(static (a, b) => b.CompareTo(a))
    );

    /// <summary>Initializes an empty sample.</summary>
    /// <param name="options">Bounds: at most SampleRows texts of TextLength characters are kept.</param>
    public TextSample(LexicalEmbedderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Gets the texts kept, in the order of their rows.</summary>
    public IReadOnlyList<string> Texts =>
        [.. _kept.UnorderedItems.Select(item => item.Element).OrderBy(kept => kept.Row).Select(kept => kept.Text)];

    /// <summary>Offers the text of a row to the sample.</summary>
    /// <param name="row">The row's number, each once.</param>
    /// <param name="text">The text.</param>
    public void Add(long row, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ulong key = SplitMix.Mix((ulong)row);
        bool isFull = _kept.Count == _options.SampleRows;
        if (isFull && _kept.TryPeek(out _, out ulong largest) && key > largest)
        {
            return;
        }

        string bounded = text.Length > _options.TextLength ? text[.._options.TextLength] : text;
        if (isFull)
        {
            _kept.DequeueEnqueue((row, bounded), key);
        }
        else
        {
            _kept.Enqueue((row, bounded), key);
        }
    }
}
