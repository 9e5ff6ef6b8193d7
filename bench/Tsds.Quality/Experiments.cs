using Tsds.Evaluation.Baselines;

namespace Tsds.Quality;

/// <summary>The experiments of docs/evidence.md, each a Markdown file of tables.</summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables.</param>
internal sealed class Experiments(string data, string output)
{
    private const string Domain = "domain";
    private const string Instruct = "instruct";
    private const string OnePercent = "1 %";

    /// <summary>Gradient features are nothing that a suite of texts has.</summary>
    private static readonly string[] Methods = [.. SelectionMethods.Names.Where(name => name != "less")];

    /// <summary>Methods whose time does not grow with the square of the pool, for pools of a million copies.</summary>
    private static readonly string[] LargePoolMethods = ["tsds", "knn-uniform", "max-sim", "mean-sim", "rds+", "random"];

    private static readonly double[] Bandwidths = [0.1, 0.2, 0.3, 0.5, 0.75];

    /// <summary>Above 0.5 the plan does not reach the budget at the automatic scale.</summary>
    private static readonly double[] Alphas = [0.05, 0.1, 0.2, 0.3, 0.4];

    /// <summary>Gets the experiments by name.</summary>
    public IReadOnlyDictionary<string, Func<Task>> All => new Dictionary<string, Func<Task>>
    {
        [Domain] = () => CompareAsync(Domain),
        [Instruct] = () => CompareAsync(Instruct),
        ["copies"] = CopyAsync,
        ["ablations"] = AblateAsync,
    };

    private async Task CompareAsync(string name)
    {
        Suite suite = Suite.Load(data, name);
        Contest contest = new(suite, new Judge(suite));
        Dictionary<string, long> budgets = new() { ["0.5 %"] = Rows(suite, 0.005), [OnePercent] = Rows(suite, 0.01), ["5 %"] = Rows(suite, 0.05) };
        List<Outcome> outcomes = [];
        foreach (SuiteTask task in suite.Tasks)
        {
            outcomes.AddRange(await contest.RunAsync(task, budgets, [.. EntrantsOf(Methods), Ceiling(suite, task)]).ConfigureAwait(false));

            // After every task, so that a run of hours that is stopped leaves what it found.
            Tables tables = new($"{name}: {suite.Rows.Count:N0} rows, {outcomes.Select(outcome => outcome.Task).Distinct().Count()} tasks");
            foreach (string budget in budgets.Keys)
            {
                tables.AddSummary(budget, [.. outcomes.Where(outcome => outcome.Budget == budget)]);
            }

            tables.AddByTask(outcomes);
            tables.Save(Path.Combine(output, name + ".md"));
        }
    }

    private async Task CopyAsync()
    {
        Suite suite = Suite.Load(data, Domain);
        Dictionary<string, long> budgets = new() { [OnePercent] = Rows(suite, 0.01) };
        Tables tables = new($"{Domain}: 1 % of {suite.Rows.Count:N0} rows copied, {budgets[OnePercent]:N0} selected");
        Dictionary<int, IReadOnlyList<Outcome>> byTimes = [];
        foreach (int times in new[] { 1, 10, 100, 1_000 })
        {
            Suite copied = times == 1 ? suite : suite.WithCopies(data, times);
            Contest contest = new(copied, new Judge(copied)) { MeasuresF1 = false };
            string[] methods = times > 100 ? LargePoolMethods : Methods;
            List<Outcome> outcomes = [];
            foreach (SuiteTask task in copied.Tasks)
            {
                outcomes.AddRange(await contest.RunAsync(task, budgets, [.. EntrantsOf(methods), Ceiling(copied, task)]).ConfigureAwait(false));
            }

            byTimes[times] = outcomes;
        }

        tables.AddMovement(byTimes);
        tables.Save(Path.Combine(output, "copies.md"));
    }

    private async Task AblateAsync()
    {
        Tables tables = new("Ablations: settings of tsds, domain, 1 %");
        SelectionOptions defaults = new() { Budget = 1 };
        List<(string Name, SelectionOptions Options)> settings = [("tsds", defaults), ("density off", defaults with { Regularizer = Regularizer.Uniform })];
        settings.AddRange(Bandwidths.Select(bandwidth => ($"σ {bandwidth}", defaults with { Bandwidth = bandwidth })));
        settings.AddRange(Alphas.Select(alpha => ($"α {alpha}", defaults with { Alpha = alpha })));
        settings.Add(("α 0.5, C 5, σ 0.75, multinomial", defaults with { Alpha = 0.5, Scale = 5, Bandwidth = 0.75, Sampling = SamplingMethod.Multinomial }));
        settings.Add(("top, no draw", defaults with { Sampling = SamplingMethod.Top }));
        foreach (bool usesLsa in new[] { true, false })
        {
            Suite suite = Suite.Load(data, Domain, usesLsa);
            Contest contest = new(suite, new Judge(suite));
            Entrant[] entrants = [.. settings.Select(setting => new Entrant(setting.Name, new TransportMethod(setting.Name, setting.Options))), .. EntrantsOf(["random"])];
            if (!usesLsa)
            {
                entrants = [.. EntrantsOf(["tsds", "rds+", "max-sim", "random"])];
            }

            List<Outcome> outcomes = [];
            foreach (SuiteTask task in suite.Tasks)
            {
                outcomes.AddRange(await contest
                    .RunAsync(task, new Dictionary<string, long> { [OnePercent] = Rows(suite, 0.01) }, [.. entrants, Ceiling(suite, task)])
                    .ConfigureAwait(false));
            }

            tables.AddSummary(usesLsa ? "1 %, lexical embedder" : "1 %, random projection of the same features", outcomes);
            tables.AddByTask(outcomes);
        }

        tables.Save(Path.Combine(output, "ablations.md"));
    }

    private static Entrant[] EntrantsOf(IEnumerable<string> methods) => [.. methods.Select(name => new Entrant(name, SelectionMethods.Find(name)))];

    private static Entrant Ceiling(Suite suite, SuiteTask task) => new(RightSourceMethod.Title, new RightSourceMethod(task, suite.Rows));

    private static long Rows(Suite suite, double share) => (long)Math.Round(suite.Rows.Count * share);
}
