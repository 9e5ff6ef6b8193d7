using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>Makes a selection for a budget in rows or tokens, within caps and floors of sources.</summary>
internal static class BoundedSelection
{
    /// <summary>
    /// The number of times a plan is made because its rows are longer or shorter than expected. A plan that does not
    /// reach the budget is always followed by another.
    /// </summary>
    private const int MostPlans = 4;

    /// <summary>
    /// The relative difference of row counts below which a new plan would be the same except for a few rows.
    /// </summary>
    private const double CloseEnough = 0.02;

    /// <summary>The number of rows whose mean tokens the first plan uses; later plans have a better estimate.</summary>
    private const int FirstRows = 1_000;

    /// <summary>Solves for a plan, and draws from it.</summary>
    /// <param name="context">The job.</param>
    /// <param name="inputs">Its pool and targets.</param>
    /// <param name="known">Returns tokens and sources of rows where they are known; null to read them.</param>
    /// <exception cref="InvalidOperationException">The constraints cannot be met; the message says what
    /// would.</exception>
    public static async Task<Selection> RunAsync(
        JobContext context,
        JobInputs inputs,
        Func<ReadOnlyMemory<long>, ReachedRows>? known = null
    )
    {
        SelectionSpec spec = context.Spec;
        (ICandidatePool candidates, EmbeddingMatrix targets) = (inputs.Candidates, inputs.Targets.Embeddings);
        SelectionOptions selection = inputs.Targets.Guide(spec.Settings) with
        {
            MemoryLimit = context.Options.SelectionMemory,
            ThreadCount = context.Options.ThreadCount,
        };
        // Rows of text are counted only when they have been read.
        MemoryCheck.Require(
            SelectionEstimator.EstimateMemory(
                context.Options,
                selection,
                inputs.Pool.Pool.Count,
                targets.Count,
                targets.Dimension
            ),
            context.Options.MemoryLimit
        );
        long tokens = spec.Budget.Tokens;
        long rows =
            tokens > 0
                ? RowsOf(tokens, FirstMean(inputs.Pool.Rows!, spec.Count, context.Cancellation), candidates.Count)
                : inputs.RowsOf(spec.Budget);
        SelectionTuning? tuning = null;
        if (spec.Tuner is { } tuner)
        {
            tuning = await tuner
                .TuneAsync(
                    candidates,
                    targets,
                    selection with
                    {
                        Budget = rows,
                    },
                    context.Progress,
                    context.Cancellation
                )
                .ConfigureAwait(false);
            selection = tuning.Selection;
            context.Timings.EndStage("tuning");
        }

        bool wasOutOfReach = false;
        for (int plan = 1; ; plan++)
        {
            SelectionResult result = await DataSelector
                .SelectAsync(
                    candidates,
                    targets,
                    selection with
                    {
                        Budget = rows,
                    },
                    context.Progress,
                    context.Cancellation
                )
                .ConfigureAwait(false);
            if (!spec.IsBounded)
            {
                return Selection.OfPlan(result, rows) with { Tuning = tuning };
            }

            ReachedRows reached =
                known?.Invoke(result.Plan.CandidateIds)
                ?? ReachedRows.Read(
                    inputs.Pool.Rows!,
                    result.Plan.CandidateIds,
                    spec.Count,
                    null,
                    context.Cancellation
                );
            bool isWithinReach = tokens == 0 || reached.Tokens.Sum() >= tokens || rows == candidates.Count;
            long next =
                tokens > 0 ? NextRows(rows, tokens, isWithinReach, result.Plan, reached, candidates.Count) : rows;

            // Where a smaller plan did not reach the budget, one between the two may not either: no going back and
            // forth.
            bool isGoodEnough =
                isWithinReach && (wasOutOfReach || plan >= MostPlans || Math.Abs(next - rows) <= CloseEnough * rows);
            if (isGoodEnough || selection.Scale is not null || selection.EffectiveNeighbors is not null)
            {
                return Draw(spec, result, tuning, reached, rows);
            }

            (rows, wasOutOfReach) = (next, !isWithinReach);
        }
    }

    private static double FirstMean(RowReader rows, TokenCount count, CancellationToken cancellationToken) =>
        rows.Read(RowFields.Tokens, null, cancellationToken)
            .Take(FirstRows)
            .Average(row => (double)row.TokensOf(count));

    private static long RowsOf(double tokens, double mean, long candidates) =>
        (long)Math.Clamp(Math.Round(tokens / Math.Max(mean, 1)), 1, candidates);

    /// <summary>
    /// Returns the number of rows that the budget comes to at the mean of the plan, or more if the plan does not reach
    /// it.
    /// </summary>
    private static long NextRows(
        long rows,
        long tokens,
        bool isWithinReach,
        TransportPlan plan,
        ReachedRows reached,
        long candidates
    )
    {
        double mean = 0;
        for (int j = 0; j < reached.Tokens.Length; j++)
        {
            mean += plan.Probabilities.Span[j] * reached.Tokens[j];
        }

        long next = RowsOf(tokens, mean, candidates);
        return isWithinReach ? next : Math.Min(candidates, Math.Max(next, rows + (rows / 2) + 1));
    }

    private static Selection Draw(
        SelectionSpec spec,
        SelectionResult result,
        SelectionTuning? tuning,
        ReachedRows reached,
        long rows
    )
    {
        long tokens = spec.Budget.Tokens;
        DrawGroup[] groups = GroupsOf(spec);
        int[] groupOf = Array.ConvertAll(
            reached.Sources,
            source => Math.Max(0, Array.FindIndex(groups, 1, group => group.Name == source))
        );
        SelectionResult drawn = result.Redraw(
            new DrawOptions
            {
                Total = tokens > 0 ? tokens : rows,
                Costs = tokens > 0 ? reached.Tokens : null,
                Groups = groups,
                GroupOf = groupOf,
                Sampling = spec.Sampling,
                Seed = spec.Seed,
            }
        );
        long[] costs = tokens > 0 ? reached.Tokens : [.. reached.Tokens.Select(_ => 1L)];
        double[] probability = new double[groups.Length];
        long[] spent = new long[groups.Length];
        for (int j = 0; j < groupOf.Length; j++)
        {
            probability[groupOf[j]] += result.Plan.Probabilities.Span[j];
            spent[groupOf[j]] +=
                drawn.CandidateIds.Span.BinarySearch(result.Plan.CandidateIds.Span[j]) >= 0 ? costs[j] : 0;
        }

        BoundedShare[] shares =
        [
            .. groups
                .Skip(1)
                .Select(
                    (group, g) =>
                        new BoundedShare(
                            group.Name,
                            group.Least,
                            group.Most,
                            probability[g + 1],
                            (double)spent[g + 1] / Math.Max(spent.Sum(), 1)
                        )
                ),
        ];
        TokenTotal? total = tokens > 0 ? new TokenTotal(tokens, spent.Sum(), spec.Count, reached.IsExact) : null;
        return Selection.OfPlan(drawn, tokens > 0 ? drawn.CandidateIds.Length : rows) with
        {
            Tuning = tuning,
            Tokens = total,
            Shares = shares,
        };
    }

    /// <summary>Returns a group for each source with a cap or a floor, after one for all others.</summary>
    private static DrawGroup[] GroupsOf(SelectionSpec spec)
    {
        ShareLimit[] caps = [.. spec.Caps.Where(cap => !cap.IsTask)];
        ShareLimit[] floors = [.. spec.Floors.Where(floor => !floor.IsTask)];
        IEnumerable<string> sources = caps.Concat(floors).Select(limit => limit.Name).Distinct(StringComparer.Ordinal);
        return
        [
            new DrawGroup("all other sources"),
            .. sources.Select(source => new DrawGroup(
                source,
                floors.Where(floor => floor.Name == source).Select(floor => floor.Share).DefaultIfEmpty(0).Max(),
                caps.Where(cap => cap.Name == source).Select(cap => cap.Share).DefaultIfEmpty(1).Min()
            )),
        ];
    }
}
