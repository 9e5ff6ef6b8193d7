using Tsds.Data.Rows;
using Tsds.Data.Sieving;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// Leaves a shortlist of a pool's rows to be embedded. The exact selection on a sample says which texts are relevant, a
/// linear model of words and pairs of words learns it and scores all rows, and the best are kept.
/// </summary>
/// <remarks>
/// The rows of the sample, what it learns from and the order of equal scores depend on row numbers alone, so that
/// neither threads nor the seed change the shortlist. Memory: a bit for each row of the pool, the sample's vectors and
/// at most 4 KB for each of its texts, the model, and a few batches of texts. Scores wait in a scratch file.
/// </remarks>
internal static class PoolSieve
{
    /// <summary>The share of the pool that is sampled, between the bounds below.</summary>
    private const int SampleShare = 10;

    private const int SmallestSample = 2_000;
    private const int LargestSample = 50_000;

    /// <summary>One row of so many of the sample is kept from the model, to measure what it finds.</summary>
    private const int HeldOutShare = 3;

    private const ulong SampleStream = 1UL << 43;
    private const ulong HeldOutStream = SampleStream + 1;

    /// <summary>
    /// Returns an upper bound of the memory of the sieve, in bytes, its sample's embeddings not counted.
    /// </summary>
    /// <param name="poolRows">The rows of the pool.</param>
    public static long EstimateMemory(long poolRows) =>
        (poolRows / 4) + LinearSieve.LearningBytes + (SampleSize(poolRows) * ((long)NgramFeatures.Most * sizeof(int)));

    /// <summary>Finds the shortlist of a pool.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The rows after a complete pass.</param>
    /// <param name="targets">The rows of the targets.</param>
    /// <returns>The rows that are kept, with the sample; null if all are.</returns>
    /// <exception cref="ArgumentException">The shortlist would be smaller than the budget.</exception>
    /// <exception cref="InvalidOperationException">The sieve does not fit into the memory limit.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<Shortlist?> RunAsync(JobContext context, RowReader rows, TargetRows targets)
    {
        long poolRows = rows.RowCount;
        long kept = context.Spec.Sieve!.Value.ResolveRows(poolRows);
        if (kept >= poolRows)
        {
            return null;
        }

        long budget = context.Spec.Budget.ResolveRows(poolRows);
        if (budget > kept)
        {
            throw new ArgumentException(
                $"Expected --sieve to leave at least the {budget:N0} rows of --budget, found {kept:N0} of "
                    + $"{poolRows:N0}; leave more, or leave the sieve out."
            );
        }

        MemoryCheck.Require(EstimateMemory(poolRows), context.Options.MemoryLimit);
        long[] sample = HashSample.OfRange(poolRows, SampleSize(poolRows), SampleStream);
        RowReader sampled = rows.Only(SetOf(sample, poolRows));
        JobContext own = context with { ScratchPrefix = "sample-", Timings = new RunRecord() };
        PoolInputs pool = await PoolInputs.OpenRowsAsync(own, sampled, targets).ConfigureAwait(false);
        try
        {
            TargetInputs guide = await TargetInputs.OpenAsync(own, pool, targets).ConfigureAwait(false);
            bool[] isKept = await SelectAsync(own, pool, guide, (double)kept / poolRows).ConfigureAwait(false);
            bool[] isChosen = await SelectAsync(own, pool, guide, (double)budget / poolRows).ConfigureAwait(false);
            bool[] isHeldOut = new bool[sample.Length];
            foreach (long i in HashSample.OfRange(sample.Length, sample.Length / HeldOutShare, HeldOutStream))
            {
                isHeldOut[i] = true;
            }

            LinearSieve model = Learn(context, sampled, isKept, isHeldOut);
            context.Timings.EndStage("learning the sieve");
            MarkedRows shortlist = Keep(context, rows, model, kept);
            context.Timings.EndStage("sieving");
            int[] relevant = [.. Enumerable.Range(0, sample.Length).Where(i => isHeldOut[i] && isChosen[i])];
            int found = relevant.Count(i => shortlist.Contains(sample[i]));
            (double low, double high) = Wilson(found, relevant.Length);
            return new Shortlist(
                rows.Only(shortlist),
                pool,
                new SieveResult(
                    poolRows,
                    kept,
                    sample.Length,
                    isHeldOut.Count(held => !held),
                    relevant.Length,
                    found,
                    low,
                    high
                )
            );
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    private static int SampleSize(long poolRows) =>
        (int)Math.Min(poolRows, Math.Clamp(poolRows / SampleShare, SmallestSample, LargestSample));

    private static MarkedRows SetOf(long[] rows, long poolRows)
    {
        MarkedRows set = new(poolRows);
        foreach (long row in rows)
        {
            set.Add(row);
        }

        return set;
    }

    /// <summary>Selects a share of the sample exactly; a copy of a chosen row counts as chosen.</summary>
    private static async Task<bool[]> SelectAsync(
        JobContext context,
        PoolInputs pool,
        TargetInputs targets,
        double share
    )
    {
        PoolCopies copies = pool.Copies ?? PoolCopies.None;
        ICandidatePool candidates = pool.WithoutCopies;
        long count = pool.Pool.Count;
        SelectionResult result = await DataSelector
            .SelectAsync(
                candidates,
                targets.Embeddings,
                targets.Guide(context.Spec.Settings) with
                {
                    Budget = Math.Clamp((long)Math.Round(share * count), 1, candidates.Count),
                    MemoryLimit = context.Options.SelectionMemory,
                    ThreadCount = context.Options.ThreadCount,
                },
                context.Progress,
                context.Cancellation
            )
            .ConfigureAwait(false);
        bool[] isChosen = new bool[count];
        foreach (long id in result.CandidateIds.Span)
        {
            isChosen[id] = true;
        }

        for (long row = 0; row < count; row++)
        {
            isChosen[row] |= copies.FirstOf(row) is { } first && isChosen[first];
        }

        return isChosen;
    }

    private static LinearSieve Learn(JobContext context, RowReader sample, bool[] isRelevant, bool[] isHeldOut)
    {
        List<int[]> examples = [];
        List<double> labels = [];
        int[] buckets = new int[NgramFeatures.Most];
        foreach (Row row in sample.Read(RowFields.Text, null, context.Cancellation))
        {
            if (!isHeldOut[row.Index])
            {
                examples.Add(buckets[..NgramFeatures.Read(row.Text, buckets)]);
                labels.Add(isRelevant[row.Index] ? 1 : 0);
            }
        }

        return LinearSieve.Learn(examples, labels, context.Cancellation);
    }

    /// <summary>Scores all rows in one pass, and keeps the best; of equal scores the first.</summary>
    private static MarkedRows Keep(JobContext context, RowReader rows, LinearSieve model, long kept)
    {
        using RowScores scores = new(context.Scratch.ScratchPathOf("sieve.scores"));
        IProgress<long>? progress = context.ReadingProgress(context.Files.PoolFiles);
        scores.Write(
            rows.Read(RowFields.Text, progress, context.Cancellation).Select(row => row.Text),
            model.Score,
            context.Options.ThreadCount
        );
        return scores.Best(kept);
    }

    /// <summary>
    /// Returns the interval of a share at 95 % (Wilson 1927); all from 0 to 1 where nothing was counted.
    /// </summary>
    private static (double Low, double High) Wilson(int found, int count)
    {
        const double Z = 1.959963984540054;
        if (count == 0)
        {
            return (0, 1);
        }

        double share = (double)found / count;
        double middle = (share + (Z * Z / (2 * count))) / (1 + (Z * Z / count));
        double half =
            Z / (1 + (Z * Z / count)) * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4.0 * count * count)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
