using System.Diagnostics;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Quality;

/// <summary>All methods select for a task; then all are judged, at equal numbers of words.</summary>
/// <param name="suite">The pool.</param>
/// <param name="judge">Judges selections of <paramref name="suite"/>.</param>
internal sealed class Contest(Suite suite, Judge judge)
{
    private const int SeedCount = 3;

    private readonly PoolFindings _findings = new();
    private readonly Dictionary<(string Method, long Budget), Selected> _blind = [];

    private readonly Lazy<long[]> _copies = new(() => CopiesIn(suite));

    /// <summary>Gets whether classifiers are trained, which takes most of the time.</summary>
    public bool MeasuresF1 { get; init; } = true;

    /// <summary>
    /// Gets whether tsds draws a text once, as the command does; other methods see every row, as they were published.
    /// </summary>
    public bool HidesCopies { get; init; }

    /// <summary>Lets the methods select for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="budget">The rows to select.</param>
    /// <param name="entrants">The methods.</param>
    /// <param name="wordCount">Words to train language models on, or null for as many as all selections have.</param>
    public async Task<IReadOnlyList<Outcome>> RunAsync(
        SuiteTask task,
        long budget,
        IReadOnlyList<Entrant> entrants,
        long? wordCount = null
    )
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(suite.Pool);
        CachedPool cached = new(pool);
        List<Selected> selected = [];
        foreach (Entrant entrant in entrants)
        {
            MethodInputs inputs = InputsOf(cached, task, budget);
            selected.Add(
                await SelectAsync(
                        entrant,
                        HidesCopies && entrant.Method.Name == "tsds"
                            ? inputs with
                            {
                                HiddenIds = _copies.Value,
                            }
                            : inputs
                    )
                    .ConfigureAwait(false)
            );
            Console.Error.WriteLine($"  {task.Name} {entrant.Name}: {selected[^1].Seconds:F1} s");
        }

        long words =
            wordCount
            ?? selected
                .Where(one => one.Entrant.SetsWords)
                .SelectMany(one => one.Rows)
                .Min(rows => judge.CountWords(rows));
        Outcome[] judged = new Outcome[selected.Count];
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, judged.Length, i => judged[i] = Measure(selected[i], task, words));
        Console.Error.WriteLine($"  {task.Name} judged: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        return judged;
    }

    /// <summary>What a method finds out about the pool alone serves all tasks and budgets.</summary>
    private MethodInputs InputsOf(CachedPool pool, SuiteTask task, long budget) =>
        new()
        {
            Pool = pool,
            Targets = task.Targets,
            Rows = suite.Rows.Select((row, id) => new CandidateRow(id, row.Text, row.Source)),
            TargetTexts = [.. task.Queries.Select(row => row.Text)],
            Budget = budget,
            Findings = _findings,
        };

    /// <summary>
    /// Selects with several seeds, or with one where they change nothing; once for all tasks where the method does not
    /// look at them.
    /// </summary>
    private async Task<Selected> SelectAsync(Entrant entrant, MethodInputs inputs)
    {
        if (_blind.TryGetValue((entrant.Name, inputs.Budget), out Selected? known))
        {
            return known;
        }

        List<long[]> rows = [];
        int seeds = entrant.Draws ? SeedCount : 1;
        long start = Stopwatch.GetTimestamp();
        for (int seed = 0; seed < seeds; seed++)
        {
            MethodResult result = await entrant
                .Method.SelectAsync(inputs with { Seed = (ulong)seed }, null, CancellationToken.None)
                .ConfigureAwait(false);
            rows.Add([.. result.CandidateIds.ToArray().Order()]);
        }

        Selected selected = new(entrant, rows, Stopwatch.GetElapsedTime(start).TotalSeconds / seeds);
        if (entrant.IsBlind)
        {
            _blind.Add((entrant.Name, inputs.Budget), selected);
        }

        return selected;
    }

    private static long[] CopiesIn(Suite suite)
    {
        RowKeys keys = new();
        for (int row = 0; row < suite.Rows.Count; row++)
        {
            keys.Add(row, suite.Rows[row].Text);
        }

        return [.. keys.Find().Hide([])];
    }

    private Outcome Measure(Selected selected, SuiteTask task, long words)
    {
        (double Nats, int Words)[][] costs =
        [
            .. selected.Rows.Select((rows, seed) => judge.MeasureCosts(rows, task, words, (ulong)seed)),
        ];
        int[] originals = [.. selected.Rows[0].Select(row => suite.Originals[(int)row]).Distinct()];
        return new Outcome
        {
            Task = task.Name,
            Method = selected.Entrant.Name,
            Seeds = selected.Rows.Count,
            Rows = selected.Rows[0].Length,
            Seconds = selected.Seconds,
            RightSource = selected.Rows.Average(rows =>
                rows.Average(row => task.IsRight(suite.Rows[(int)row].Source) ? 1.0 : 0)
            ),
            Related = selected.Rows.Average(rows =>
                rows.Average(row => task.IsRelated(suite.Rows[(int)row].Source) ? 1.0 : 0)
            ),
            MixtureDistance = selected.Rows.Average(rows => judge.MeasureMixtureDistance(rows, task)),
            Words = words,
            Nats = [.. Enumerable.Range(0, task.HeldOut.Count).Select(row => costs.Average(cost => cost[row].Nats))],
            HeldOutWords = [.. costs[0].Select(cost => cost.Words)],
            KlReduction = selected.Rows.Average(rows => judge.MeasureKlReduction(rows, task)),
            F1 = MeasuresF1 ? selected.Rows.Average(rows => judge.MeasureF1(rows, task)) : double.NaN,
            Copies = selected.Rows[0].Length - originals.Length,
            Selections = selected.Rows,
            Originals = originals,
        };
    }

    /// <summary>What a method selected.</summary>
    /// <param name="Entrant">The method.</param>
    /// <param name="Rows">The rows by seed.</param>
    /// <param name="Seconds">The time of one selection.</param>
    private sealed record Selected(Entrant Entrant, IReadOnlyList<long[]> Rows, double Seconds);
}
