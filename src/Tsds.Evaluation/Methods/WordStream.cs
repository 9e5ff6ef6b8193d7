using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;

namespace Tsds.Evaluation.Methods;

/// <summary>The words of a text as a Lucene token stream.</summary>
internal sealed class WordStream : TokenStream
{
    private readonly IReadOnlyList<string> _words;
    private readonly ICharTermAttribute _term;
    private int _next;

    public WordStream(IReadOnlyList<string> words)
    {
        _words = words;
        _term = AddAttribute<ICharTermAttribute>();
    }

    public override bool IncrementToken()
    {
        if (_next == _words.Count)
        {
            return false;
        }

        ClearAttributes();
        _term.Append(_words[_next++]);
        return true;
    }
}
