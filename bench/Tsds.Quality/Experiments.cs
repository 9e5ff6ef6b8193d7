using Tsds.Evaluation.Methods;

namespace Tsds.Quality;

/// <summary>The experiments of docs/evidence.md, each a Markdown file of tables.</summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables.</param>
internal sealed class Experiments(string data, string output)
{
    private const string Domain = "domain";
    private const string Instruct = "instruct";
    private const double OnePercent = 1;

    /// <summary>Gradient features are nothing that a suite of texts has.</summary>
    private static readonly string[] Methods = [.. SelectionMethods.Names.Where(name => name != "less")];

    /// <summary>Methods that a pool of a million copies does not keep busy for hours.</summary>
    private static readonly string[] CopiedMethods = ["tsds", "knn-uniform", "max-sim", "rds+", "random"];

    /// <summary>Methods that draw: the others give the same rows for every seed.</summary>
    private static readonly string[] Drawing =
    [
        "tsds",
        "knn-uniform",
        "random",
        "random-balanced",
        "dsir",
        "semdedup",
        "d4",
    ];

    /// <summary>Methods that choose rows for being unlike others.</summary>
    private static readonly string[] Spreading = ["kcenter", "semdedup", "d4"];

    /// <summary>Methods that do not look at the targets.</summary>
    private static readonly string[] Blind = ["random", "random-balanced", "semdedup", "d4"];

    private static readonly double[] Budgets = [1, 0.5, 5];

    /// <summary>Of the budget, which the automatic scale lets a plan deliver as different rows.</summary>
    private static readonly double[] Shares = [0.5, 0.65, 0.9];

    private static readonly double[] Bandwidths = [0.1, 0.2, 0.3, 0.5, 0.75];

    /// <summary>Above 0.5 the plan does not reach the budget at the automatic scale.</summary>
    private static readonly double[] Alphas = [0.05, 0.1, 0.2, 0.3, 0.4];

    /// <summary>Gets the experiments by name.</summary>
    public IReadOnlyDictionary<string, Func<Task>> All
    {
        get
        {
            Dictionary<string, Func<Task>> all = [];
            foreach (double percent in Budgets)
            {
                foreach (string suite in new[] { Domain, Instruct })
                {
                    all[$"{suite}-{percent}"] = () => CompareAsync(suite, percent);
                }
            }

            all["copies"] = CopyAsync;
            all["small-pools-domain"] = () => new SmallPools(data, output).RunAsync(Domain);
            all["small-pools-instruct"] = () => new SmallPools(data, output).RunAsync(Instruct);
            foreach (string suite in new[] { Instruct, Domain })
            {
                all[$"ablations-{suite}"] = () => AblateAsync(suite, OnePercent);
                all[$"ablations-{suite}-5"] = () => AblateAsync(suite, 5);
                all[$"embedders-{suite}"] = () => CompareEmbeddersAsync(suite);
            }

            return all;
        }
    }

    private async Task CompareAsync(string name, double percent)
    {
        Suite suite = Suite.Load(data, name, SuiteEmbedder.Default);
        Contest contest = new(suite, new Judge(suite));
        List<Outcome> outcomes = [];
        foreach (SuiteTask task in suite.Tasks)
        {
            outcomes.AddRange(
                await contest
                    .RunAsync(task, Rows(suite, percent), [.. EntrantsOf(Methods), Ceiling(suite, task)])
                    .ConfigureAwait(false)
            );

            // After every task, so that a run that is stopped leaves what it found.
            Tables tables = new(
                $"{name}: {Rows(suite, percent):N0} of {suite.Rows.Count:N0} rows ({percent} %), "
                    + $"{outcomes.Select(outcome => outcome.Task).Distinct().Count()} tasks"
            );
            tables.AddSummary("Means over tasks", outcomes);
            tables.AddByTask(outcomes);
            tables.Save(Path.Combine(output, $"{name}-{percent}.md"));
        }
    }

    private async Task CopyAsync()
    {
        Suite suite = Suite.Load(data, Domain, SuiteEmbedder.Default);
        long budget = Rows(suite, OnePercent);
        Tables tables = new($"{Domain}: 1 % of {suite.Rows.Count:N0} rows copied, {budget:N0} selected");
        Dictionary<int, IReadOnlyList<Outcome>> byTimes = [];
        foreach (int times in new[] { 1, 10, 100, 1_000 })
        {
            Suite copied = times == 1 ? suite : suite.WithCopies(data, times);
            Contest contest = new(copied, new Judge(copied)) { MeasuresF1 = false };
            List<Outcome> outcomes = [];
            foreach (SuiteTask task in copied.Tasks)
            {
                // What moves must be the selection: as many words as without copies.
                long? words = byTimes.GetValueOrDefault(1)?.First(outcome => outcome.Task == task.Name).Words;
                outcomes.AddRange(
                    await contest.RunAsync(task, budget, EntrantsOf(CopiedMethods), words).ConfigureAwait(false)
                );
            }

            byTimes[times] = outcomes;
        }

        tables.AddMovement(byTimes);
        tables.Save(Path.Combine(output, "copies.md"));
    }

    private async Task AblateAsync(string name, double percent)
    {
        Tables tables = new($"Settings of tsds: {name}, {percent} %");
        SelectionOptions defaults = new() { Budget = 1 };
        List<(string Name, SelectionOptions Options)> settings =
        [
            ("tsds", defaults),
            ("top, no draw", defaults with { Sampling = SamplingMethod.Top }),
            ("density off", defaults with { Regularizer = Regularizer.Uniform }),
            (
                "α 0.5, C 5, σ 0.75, multinomial",
                defaults with
                {
                    Alpha = 0.5,
                    Scale = 5,
                    Bandwidth = 0.75,
                    Sampling = SamplingMethod.Multinomial,
                }
            ),
        ];
        settings.AddRange(Shares.Select(share => ($"share {share}", defaults with { BudgetShare = share })));
        settings.AddRange(Bandwidths.Select(bandwidth => ($"σ {bandwidth}", defaults with { Bandwidth = bandwidth })));
        settings.AddRange(Alphas.Select(alpha => ($"α {alpha}", defaults with { Alpha = alpha })));
        settings.AddRange(
            Alphas.Select(alpha => ($"α {alpha}, top", defaults with { Alpha = alpha, Sampling = SamplingMethod.Top }))
        );
        Entrant[] entrants =
        [
            .. settings.Select(setting => new Entrant(
                setting.Name,
                new TransportMethod(setting.Name, setting.Options),
                Draws: setting.Options.Sampling != SamplingMethod.Top
            )),
            .. EntrantsOf(["rds+", "rds+refill", "max-sim", "random"]),
        ];
        await AddAsync(
                tables,
                Suite.Load(data, name, SuiteEmbedder.Default),
                SuiteEmbedder.Default.Name,
                entrants,
                percent
            )
            .ConfigureAwait(false);
        tables.Save(
            Path.Combine(output, percent == OnePercent ? $"ablations-{name}.md" : $"ablations-{name}-{percent}.md")
        );
    }

    private async Task CompareEmbeddersAsync(string name)
    {
        Tables tables = new($"Embedders: {name}, {OnePercent} %");
        foreach (
            SuiteEmbedder embedder in new[]
            {
                SuiteEmbedder.Default,
                SuiteEmbedder.Named("lexical"),
                SuiteEmbedder.Named("static"),
                SuiteEmbedder.Of(512),
                SuiteEmbedder.Random,
            }
        )
        {
            // bm25 does not look at vectors: it is the same row in every table.
            await AddAsync(
                    tables,
                    Suite.Load(data, name, embedder),
                    embedder.Name,
                    EntrantsOf(["tsds", "rds+", "max-sim", "herding", "bm25", "random"]),
                    OnePercent
                )
                .ConfigureAwait(false);
            tables.Save(Path.Combine(output, $"embedders-{name}.md"));
        }
    }

    /// <summary>Adds the tables of all tasks of a suite.</summary>
    private static async Task AddAsync(Tables tables, Suite suite, string title, Entrant[] entrants, double percent)
    {
        Contest contest = new(suite, new Judge(suite)) { MeasuresF1 = false };
        List<Outcome> outcomes = [];
        foreach (SuiteTask task in suite.Tasks)
        {
            outcomes.AddRange(
                await contest
                    .RunAsync(task, Rows(suite, percent), [.. entrants, Ceiling(suite, task)])
                    .ConfigureAwait(false)
            );
        }

        tables.AddSummary(title, outcomes);
        tables.AddByTask(outcomes);
    }

    private static Entrant[] EntrantsOf(IEnumerable<string> methods) =>
        [
            .. methods.Select(name => new Entrant(
                name,
                SelectionMethods.Find(name),
                Drawing.Contains(name),
                Blind.Contains(name),
                !Spreading.Contains(name)
            )),
        ];

    private static Entrant Ceiling(Suite suite, SuiteTask task) =>
        new(RightSourceMethod.Title, new RightSourceMethod(task, suite.Rows), Draws: true);

    private static long Rows(Suite suite, double percent) => (long)Math.Round(suite.Rows.Count * percent / 100);
}
