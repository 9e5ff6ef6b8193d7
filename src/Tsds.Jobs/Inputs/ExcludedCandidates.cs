using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The candidates that repeat given rows, and what they repeat.</summary>
internal sealed class ExcludedCandidates
{
    private ExcludedCandidates(IReadOnlyList<GivenRows> given, IReadOnlyList<HiddenRow> hidden)
    {
        Given = given;
        Hidden = hidden;
    }

    /// <summary>Gets the exclusion of nothing.</summary>
    public static ExcludedCandidates None { get; } = new([], []);

    /// <summary>Gets the rows that were given.</summary>
    public IReadOnlyList<GivenRows> Given { get; }

    /// <summary>Gets the candidates that repeat them, ascending.</summary>
    public IReadOnlyList<HiddenRow> Hidden { get; }

    /// <summary>
    /// Compares a pool with given rows: by text where both have rows, by distance where both have embeddings.
    /// </summary>
    /// <param name="pool">The pool's embeddings.</param>
    /// <param name="rows">The pool's rows, or null.</param>
    /// <param name="given">The given rows; what the first of them explain is not explained by the others.</param>
    /// <param name="distance">The distance up to which a candidate is a near-copy.</param>
    /// <param name="textProgress">Receives the bytes read; may be null.</param>
    /// <param name="nearProgress">Receives the candidates scanned; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<ExcludedCandidates> FindAsync(
        ICandidatePool pool,
        RowReader? rows,
        IReadOnlyList<GivenRows> given,
        double distance,
        IProgress<long>? textProgress,
        IProgress<long>? nearProgress,
        CancellationToken cancellationToken
    )
    {
        Dictionary<long, HiddenRow> hidden = [];
        foreach (GivenRows other in given.Where(other => other.Embeddings is not null))
        {
            Dictionary<long, (int Point, double Distance)> near = await NearSearch
                .FindAsync(pool, other.Embeddings!.Value, distance, nearProgress, cancellationToken)
                .ConfigureAwait(false);
            foreach ((long row, (int point, double found)) in near)
            {
                hidden.TryAdd(row, new HiddenRow(row, other, point, HasSameText: false, found));
            }
        }

        if (rows is not null && given.Any(other => other.Rows is not null))
        {
            TextMatches texts = new();
            foreach (GivenRows other in given)
            {
                texts.Add(other);
            }

            foreach ((long row, (GivenRows other, int match)) in texts.Find(rows, textProgress, cancellationToken))
            {
                // The text says more than the distance, which is told too where it is of the same pair or an equal one.
                double? found =
                    hidden.TryGetValue(row, out HiddenRow? near) && near.Rows == other ? near.Distance : null;
                hidden[row] = new HiddenRow(row, other, match, HasSameText: true, found);
            }
        }

        return new ExcludedCandidates(given, [.. hidden.Values.OrderBy(row => row.Row)]);
    }

    /// <summary>Counts what each option did.</summary>
    public IReadOnlyList<ExclusionCount> Count() =>
        [
            .. Given.Select(given => new ExclusionCount(
                given.Option,
                given.Count,
                Hidden.Count(row => row.Rows == given && row.HasSameText),
                Hidden.Count(row => row.Rows == given && !row.HasSameText)
            )),
        ];
}
