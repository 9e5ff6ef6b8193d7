using System.Text;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The share of a selection that copies rows it must not contain, either of the test set or of the targets.
/// </summary>
/// <param name="ByEmbedding">Share of the rows within σ of one of the others.</param>
/// <param name="ByText">Share of the rows with the text of one of the others, letter case and white space
/// aside.</param>
/// <param name="ByOverlap">The share of the rows that overlap with one of the others by
/// <see cref="MinHashIndex"/>.</param>
internal sealed record LeakRate(double ByEmbedding, double ByText, double ByOverlap)
{
    /// <summary>Returns the share of the rows that lie within a bandwidth of one of the others.</summary>
    public static async Task<double> OfEmbeddingsAsync(
        EmbeddingMatrix rows,
        EmbeddingMatrix others,
        double bandwidth,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            others,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount }
        );
        NeighborTable nearest = await pool.FindNearestAsync(rows, 1, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        int copies = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            copies += nearest.DistancesSquared(row)[0] < bandwidth * bandwidth ? 1 : 0;
        }

        return (double)copies / rows.Count;
    }

    /// <summary>Returns the shares of the rows that have the text of one of the others, or overlap with it.</summary>
    public static (double ByText, double ByOverlap) OfTexts(
        IReadOnlyCollection<string> rows,
        IEnumerable<string> others
    )
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        MinHashIndex index = new();
        foreach (string other in others)
        {
            texts.Add(Fold(other));
            index.Add(other);
        }

        return (
            (double)rows.Count(row => texts.Contains(Fold(row))) / rows.Count,
            (double)rows.Count(row => index.Find(row).Count > 0) / rows.Count
        );
    }

    /// <summary>
    /// Normalizes a text: lower case, each run of white space as a single space, so that texts that look equal are
    /// equal.
    /// </summary>
    public static string Fold(string text)
    {
        StringBuilder folded = new(text.Length);
        foreach (char character in text.AsSpan().Trim())
        {
            if (!char.IsWhiteSpace(character))
            {
                folded.Append(char.ToLowerInvariant(character));
            }
            else if (folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }
}
