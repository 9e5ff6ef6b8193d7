using System.Text.RegularExpressions;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// Splits texts into words as DSIR does: runs of word characters and runs of other characters that are not white space,
/// in lower case.
/// </summary>
/// <remarks>
/// The expression \w+|[^\w\s]+ on the text in invariant lower case. .NET counts combining marks among the word
/// characters and leaves out numbers that are not decimal digits, such as ½; Python does the opposite. No other text is
/// cut differently.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2302.03169">Xie et al. 2023, Data Selection for Language Models via Importance
/// Resampling</seealso>
internal static partial class WordTokenizer
{
    /// <summary>Returns the words of a text, in order.</summary>
    public static List<string> Tokenize(string text)
    {
        string lower = text.ToLowerInvariant();
        List<string> words = [];
        foreach (ValueMatch match in Words().EnumerateMatches(lower))
        {
            words.Add(lower.Substring(match.Index, match.Length));
        }

        return words;
    }

    [GeneratedRegex(@"\w+|[^\w\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
