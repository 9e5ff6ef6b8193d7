namespace Tsds.Evaluation.Metrics;

/// <summary>
/// A language model of word triples: interpolated, modified Kneser-Ney smoothing over a fixed vocabulary.
/// </summary>
/// <remarks>
/// <para>
/// p(w | h) = (max(0, c(h w) − D(c(h w))) + γ(h) p(w | h')) / Σ_w c(h w), with h' the context without its oldest word,
/// γ(h) = D₁ N₁(h) + D₂ N₂(h) + D₃ N₃₊(h), and N_r(h) the words seen r times after h. Below the highest order c counts
/// the different words seen before an n-gram in place of its occurrences. Below single words all words of the
/// vocabulary are equally likely; a context never seen passes on p(w | h'). So the probabilities of the vocabulary sum
/// to 1 after every context, words never seen included.
/// </para>
/// <para>
/// The discounts of each order follow from how many of its n-grams have count 1 to 4: Y = n₁/(n₁ + 2n₂), D₁ = 1 − 2Y
/// n₂/n₁, D₂ = 2 − 3Y n₃/n₂, D₃ = 3 − 4Y n₄/n₃. Where one of these counts is 0 or a discount D_r outside of (0, r], the
/// order uses ½, 1, 1½.
/// </para>
/// </remarks>
/// <seealso href="https://doi.org/10.1006/csla.1999.0128">Chen, Goodman 1999, An empirical study of smoothing
/// techniques for language modeling</seealso>
internal sealed class KneserNeyModel
{
    /// <summary>The number of words of an n-gram of the highest order.</summary>
    public const int Order = 3;

    private readonly NgramLevel _triples;

    private KneserNeyModel(NgramLevel triples) => _triples = triples;

    /// <summary>Trains a model on texts.</summary>
    /// <param name="texts">The texts, encoded by a vocabulary.</param>
    /// <param name="vocabularySize">The words that can be predicted.</param>
    /// <returns>The model. Time T log T and about 60 bytes for each of T words.</returns>
    public static KneserNeyModel Train(IReadOnlyList<int[]> texts, int vocabularySize)
    {
        ulong[] triples = new ulong[texts.Sum(text => text.Length + 1)];
        int next = 0;
        foreach (int[] text in texts)
        {
            ulong context = FirstContext;
            foreach (int word in text.Append(Vocabulary.End))
            {
                triples[next++] = NgramLevel.Append(context, word);
                context = Follow(context, word);
            }
        }

        (ulong[] keys, int[] counts) = NgramLevel.CountEqual(triples);
        (ulong[] pairs, int[] wordsBeforePairs) = NgramLevel.CountEqual(
            Array.ConvertAll(keys, NgramLevel.WithoutOldest(Order))
        );
        (ulong[] words, int[] wordsBeforeWords) = NgramLevel.CountEqual(
            Array.ConvertAll(pairs, NgramLevel.WithoutOldest(Order - 1))
        );
        NgramLevel singles = new(1, words, wordsBeforeWords, null, vocabularySize);
        NgramLevel doubles = new(2, pairs, wordsBeforePairs, singles, vocabularySize);
        return new KneserNeyModel(new NgramLevel(Order, keys, counts, doubles, vocabularySize));
    }

    /// <summary>Gets the context before the first word of a text.</summary>
    public static ulong FirstContext => NgramLevel.Append(Vocabulary.Begin, Vocabulary.Begin);

    /// <summary>Gets the discounts D₁, D₂, D₃ of an order, 1 to 3.</summary>
    public IReadOnlyList<double> DiscountsOf(int order) => _triples.LevelOf(order).Discounts;

    /// <summary>Returns the context after one more word.</summary>
    public static ulong Follow(ulong context, int word) =>
        NgramLevel.WithoutOldest(Order)(NgramLevel.Append(context, word));

    /// <summary>Returns p(word | context), which is above 0 for every word of the vocabulary.</summary>
    public double Probability(ulong context, int word) => _triples.Probability(context, word);

    /// <summary>
    /// Returns the cost of a text, −Σ ln p of its words and its end, in nats, and the number of these.
    /// </summary>
    public (double Nats, int Words) CostOf(ReadOnlySpan<int> text)
    {
        double nats = 0;
        ulong context = FirstContext;
        for (int i = 0; i <= text.Length; i++)
        {
            int word = i < text.Length ? text[i] : Vocabulary.End;
            nats -= Math.Log(Probability(context, word));
            context = Follow(context, word);
        }

        return (nats, text.Length + 1);
    }
}
