using System.Diagnostics;
using Tsds.Data;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>All methods select for a task; then all are judged, at equal numbers of words.</summary>
/// <param name="suite">The pool.</param>
/// <param name="judge">Judges selections of <paramref name="suite"/>.</param>
internal sealed class Contest(Suite suite, Judge judge)
{
    private const int SeedCount = 3;

    /// <summary>Gets whether classifiers are trained, which takes most of the time.</summary>
    public bool MeasuresF1 { get; init; } = true;

    /// <summary>Lets the methods select for a task with each budget.</summary>
    /// <param name="task">The task.</param>
    /// <param name="budgets">The rows of each budget, by what the tables call it.</param>
    /// <param name="entrants">The methods.</param>
    public async Task<IReadOnlyList<Outcome>> RunAsync(SuiteTask task, IReadOnlyDictionary<string, long> budgets, IReadOnlyList<Entrant> entrants)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(suite.Pool);
        CachedPool cached = new(pool);
        List<Outcome> outcomes = [];
        foreach ((string name, long budget) in budgets)
        {
            List<Selected> selected = [];
            foreach (Entrant entrant in entrants)
            {
                selected.Add(await SelectAsync(entrant, InputsOf(cached, task, budget)).ConfigureAwait(false));
                Console.Error.WriteLine($"  {task.Name} {name} {entrant.Name}: {selected[^1].Seconds:F1} s");
            }

            long words = selected.SelectMany(one => one.Rows).Min(rows => judge.CountWords(rows));
            Outcome[] judged = new Outcome[selected.Count];
            Parallel.For(0, judged.Length, i => judged[i] = Measure(selected[i], task, name, words));
            outcomes.AddRange(judged);
        }

        return outcomes;
    }

    private MethodInputs InputsOf(CachedPool pool, SuiteTask task, long budget) => new()
    {
        Pool = pool,
        Targets = task.Targets,
        Rows = suite.Rows.Select((row, id) => new CandidateRow(id, row.Text, row.Source)),
        TargetTexts = [.. task.Queries.Select(row => row.Text)],
        Budget = budget,
    };

    /// <summary>Selects with several seeds, or with one where the next changes nothing.</summary>
    private static async Task<Selected> SelectAsync(Entrant entrant, MethodInputs inputs)
    {
        List<long[]> rows = [];
        double seconds = 0;
        for (int seed = 0; seed < SeedCount; seed++)
        {
            long start = Stopwatch.GetTimestamp();
            MethodResult result = await entrant.Method.SelectAsync(inputs with { Seed = (ulong)seed }, null, CancellationToken.None).ConfigureAwait(false);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            long[] ids = result.CandidateIds.ToArray();
            Array.Sort(ids);
            if (seed == 1 && ids.AsSpan().SequenceEqual(rows[0]))
            {
                return new Selected(entrant.Name, rows, seconds / 2);
            }

            rows.Add(ids);
        }

        return new Selected(entrant.Name, rows, seconds / SeedCount);
    }

    private Outcome Measure(Selected selected, SuiteTask task, string budget, long words)
    {
        (double Nats, int Words)[][] costs = [.. selected.Rows.Select((rows, seed) => judge.MeasureCosts(rows, task, words, (ulong)seed))];
        int[] originals = [.. selected.Rows[0].Select(row => suite.Originals[(int)row]).Distinct()];
        return new Outcome
        {
            Task = task.Name,
            Budget = budget,
            Method = selected.Name,
            Seeds = selected.Rows.Count,
            Rows = selected.Rows[0].Length,
            Seconds = selected.Seconds,
            RightSource = selected.Rows.Average(rows => rows.Average(row => task.IsRight(suite.Rows[(int)row].Source) ? 1.0 : 0)),
            Related = selected.Rows.Average(rows => rows.Average(row => task.IsRelated(suite.Rows[(int)row].Source) ? 1.0 : 0)),
            MixtureDistance = selected.Rows.Average(rows => judge.MeasureMixtureDistance(rows, task)),
            Words = words,
            Nats = [.. Enumerable.Range(0, task.HeldOut.Count).Select(row => costs.Average(cost => cost[row].Nats))],
            HeldOutWords = [.. costs[0].Select(cost => cost.Words)],
            KlReduction = selected.Rows.Average(rows => judge.MeasureKlReduction(rows, task)),
            F1 = MeasuresF1 ? selected.Rows.Average(rows => judge.MeasureF1(rows, task)) : double.NaN,
            Copies = selected.Rows[0].Length - originals.Length,
            Originals = originals,
        };
    }

    /// <summary>What a method selected.</summary>
    /// <param name="Name">The method.</param>
    /// <param name="Rows">The rows by seed.</param>
    /// <param name="Seconds">The time of one selection.</param>
    private sealed record Selected(string Name, IReadOnlyList<long[]> Rows, double Seconds);
}
