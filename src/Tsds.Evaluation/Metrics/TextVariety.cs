namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The variety of words and word pairs in texts, from 0 to 1. It falls as texts grow, so only texts of equally many
/// words may be compared.
/// </summary>
/// <param name="Words">Different words over words, the type-token ratio.</param>
/// <param name="WordPairs">Different pairs of neighboring words over such pairs; NaN if no text has two
/// words.</param>
/// <seealso href="https://arxiv.org/abs/1510.03055">Li et al. 2016, section 5.1: distinct-1 and distinct-2</seealso>
internal sealed record TextVariety(double Words, double WordPairs)
{
    /// <summary>Computes the variety of the first words of some texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="wordCount">The number of words to read, the last text cut; all if there are fewer.</param>
    public static TextVariety Of(IEnumerable<string> texts, long wordCount)
    {
        HashSet<string> words = new(StringComparer.Ordinal);
        HashSet<(string, string)> pairs = [];
        long taken = 0;
        long pairsTaken = 0;
        foreach (string text in texts)
        {
            if (taken >= wordCount)
            {
                break;
            }

            List<string> tokens = WordTokenizer.Tokenize(text);
            int count = (int)Math.Min(tokens.Count, wordCount - taken);
            for (int i = 0; i < count; i++)
            {
                words.Add(tokens[i]);
                if (i > 0)
                {
                    pairs.Add((tokens[i - 1], tokens[i]));
                    pairsTaken++;
                }
            }

            taken += count;
        }

        return new TextVariety((double)words.Count / taken, (double)pairs.Count / pairsTaken);
    }
}
