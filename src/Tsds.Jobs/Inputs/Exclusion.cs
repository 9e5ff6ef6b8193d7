using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The candidates that may be chosen: all except those that repeat excluded or kept rows.</summary>
internal sealed class Exclusion
{
    private Exclusion(ICandidatePool pool, IReadOnlyList<GivenRows> given, IReadOnlyList<HiddenRow> hidden)
    {
        Given = given;
        Hidden = hidden;
        HiddenIds = Array.ConvertAll([.. hidden], row => row.Row);
        Candidates = hidden.Count > 0 || given.Count > 0 ? new FilteredPool(pool, HiddenIds) : pool;
    }

    /// <summary>Gets the candidates that may be chosen.</summary>
    public ICandidatePool Candidates { get; }

    /// <summary>Gets the rows that were given.</summary>
    public IReadOnlyList<GivenRows> Given { get; }

    /// <summary>Gets the candidates that repeat them, ascending.</summary>
    public IReadOnlyList<HiddenRow> Hidden { get; }

    /// <summary>Gets the ids of <see cref="Hidden"/>.</summary>
    public ReadOnlyMemory<long> HiddenIds { get; }

    /// <summary>
    /// Reads the rows that a job excludes and keeps, and compares the pool with them: by text where both have rows, by
    /// distance where both have embeddings.
    /// </summary>
    /// <param name="context">The job.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>What may be chosen. What excluded rows explain is not explained by kept ones.</returns>
    /// <exception cref="InvalidDataException">A row or embedding is not usable.</exception>
    /// <exception cref="InvalidOperationException">No candidate is left.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<Exclusion> FindAsync(JobContext context, PoolInputs pool)
    {
        List<GivenRows> given = [];
        foreach (GivenFiles files in new[] { context.Files.Exclude, context.Files.Keep }.Where(files => !files.IsEmpty))
        {
            given.Add(await GivenRows.ReadAsync(context, pool, files).ConfigureAwait(false));
        }

        if (given.Count == 0)
        {
            return new Exclusion(pool.Pool, [], []);
        }

        Dictionary<long, HiddenRow> hidden = await FindNearAsync(context, pool.Pool, given).ConfigureAwait(false);
        AddEqualTexts(context, pool.Rows, given, hidden);
        if (hidden.Count == pool.Pool.Count)
        {
            throw new InvalidOperationException(
                $"Expected candidates beside those that repeat rows of --exclude or --keep, found that all "
                    + $"{pool.Pool.Count:N0} do; give a smaller --exclude-distance, or fewer rows."
            );
        }

        context.Timings.EndStage("excluding");
        return new Exclusion(pool.Pool, given, [.. hidden.Values.OrderBy(row => row.Row)]);
    }

    private static async Task<Dictionary<long, HiddenRow>> FindNearAsync(
        JobContext context,
        ICandidatePool pool,
        List<GivenRows> given
    )
    {
        Dictionary<long, HiddenRow> hidden = [];
        foreach (GivenRows other in given.Where(other => other.Embeddings is not null))
        {
            Dictionary<long, (int Point, double Distance)> near = await NearSearch
                .FindAsync(
                    pool,
                    other.Embeddings!.Value,
                    context.Spec.ResolvedExcludeDistance,
                    SelectionProgress.OfStage(context.Progress, SelectionStage.Neighbors, pool.Count),
                    context.Cancellation
                )
                .ConfigureAwait(false);
            foreach ((long row, (int point, double found)) in near)
            {
                hidden.TryAdd(row, new HiddenRow(row, other, point, HasSameText: false, found));
            }
        }

        return hidden;
    }

    private static void AddEqualTexts(
        JobContext context,
        RowReader? rows,
        List<GivenRows> given,
        Dictionary<long, HiddenRow> hidden
    )
    {
        if (rows is not null && given.Any(other => other.Rows is not null))
        {
            TextMatches texts = new();
            foreach (GivenRows other in given)
            {
                texts.Add(other);
            }

            IProgress<long>? progress = context.ReadingProgress(context.Files.PoolFiles);
            foreach ((long row, (GivenRows other, int match)) in texts.Find(rows, progress, context.Cancellation))
            {
                // The text says more than the distance, which is reported too if it is of the same pair or an equal
                // one.
                double? found =
                    hidden.TryGetValue(row, out HiddenRow? near) && near.Rows == other ? near.Distance : null;
                hidden[row] = new HiddenRow(row, other, match, HasSameText: true, found);
            }
        }
    }

    /// <summary>Returns the counts of each option.</summary>
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
