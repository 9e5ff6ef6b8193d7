using Tsds.Evaluation.Methods;
using Tsds.Sampling;

namespace Tsds.Quality;

/// <summary>The experiments of docs/evidence.md, each one or a few Markdown files of tables.</summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables, and of the outcomes behind them.</param>
internal sealed class Experiments(string data, string output)
{
    private const string Domain = "domain";
    private const string Instruct = "instruct";
    private const double OnePercent = 1;

    /// <summary>The default without what this project adds to the paper's cost.</summary>
    private const string Plain = "tsds, no relevance";

    private const string NoWeight = "λ 0, centered";

    /// <summary>A stream of its own for the few targets of a draw.</summary>
    private const ulong FewTargetsStream = 1UL << 41;

    private const int FewTargetsDraws = 5;

    private static readonly SelectionOptions Defaults = new() { Budget = 1 };

    private static readonly SelectionOptions NoRelevance = Defaults with { Relevance = 0, Center = false };

    /// <summary>The default before relevance: a plan for four fifths of the budget, copies drawn by chance.</summary>
    private static readonly SelectionOptions Before = NoRelevance with { BudgetShare = 0.8, CopiesShareDraw = false };

    /// <summary>The methods that have been ahead of others anywhere.</summary>
    private static readonly string[] Methods = ["tsds", "max-sim", "rds+", "rds+refill", "bm25", "herding", "random"];

    /// <summary>The rest, but for "less": gradient features are nothing that a suite of texts has.</summary>
    private static readonly string[] Others =
    [
        "tsds",
        "random",
        .. SelectionMethods.Names.Where(name => name != "less" && !Methods.Contains(name)),
    ];

    /// <summary>Methods that a pool of a million copies does not keep busy for hours.</summary>
    private static readonly string[] CopiedMethods = ["tsds", "knn-uniform", "max-sim", "rds+", "random"];

    /// <summary>Methods that draw: the others give the same rows for every seed.</summary>
    private static readonly string[] Drawing = ["tsds", "knn-uniform", "random", "random-balanced", "semdedup", "d4"];

    /// <summary>Methods that choose rows for being unlike others.</summary>
    private static readonly string[] Spreading = ["kcenter", "semdedup", "d4"];

    /// <summary>Methods that do not look at the targets.</summary>
    private static readonly string[] Blind = ["random", "random-balanced", "semdedup", "d4"];

    private static readonly double[] Budgets = [1, 5, 0.5];
    private static readonly double[] WideBudgets = [20, 10, 0.1];

    /// <summary>The default with a larger share of lexical, for which weights of alignment were compared.</summary>
    private static readonly SuiteEmbedder MoreLexical = SuiteEmbedder.Named("70%lexical+static");

    private static readonly double[] Alphas = [0.5, 0.4, 0.3, 0.2, 0.1];
    private static readonly double[] Relevances = [0.4, 0.6, 0.8];

    private static readonly int[] FewTargets = [1, 2, 5, 10, 20];

    /// <summary>A pool that a transformer embeds in minutes.</summary>
    private const int FewRows = 20_000;

    /// <summary>Embedders as the command names them.</summary>
    private static readonly string[] Models =
    [
        "lexical",
        "static",
        "lexical+static",
        "int8-minilm",
        "lexical+int8-minilm",
    ];

    private const int FewTargetsHeldOut = 300;

    private readonly Dictionary<(string Name, string Embedder, string? Joined), Suite> _suites = [];

    private static readonly (string Name, SelectionOptions Options)[] Settings =
    [
        ("tsds", Defaults),
        (Plain, NoRelevance),
        ("before relevance, θ 0.8", Before),
        (NoWeight, Defaults with { Relevance = 0 }),
        ("λ 0.4, not centered", Defaults with { Center = false }),
        .. new[] { 0.1, 0.2, 0.6, 0.8, 1.6 }.Select(value => ($"λ {value}", Defaults with { Relevance = value })),
        .. new[] { 1.0, 2.0, 20.0 }.Select(value => ($"κ {value}", Defaults with { RelevanceRidge = value })),
        .. new[] { 0.3, 0.65, 0.8 }.Select(value => ($"θ {value}", Defaults with { BudgetShare = value })),
        .. new[] { 0.1, 0.3, 0.5 }.Select(value => ($"σ {value}", Defaults with { Bandwidth = value })),
        .. new[] { 0.1, 0.3, 0.4 }.Select(value => ($"α {value}", Defaults with { Alpha = value })),
        ("density off", Defaults with { Regularizer = Regularizer.Uniform }),
        ("top, no draw", Defaults with { Sampling = SamplingMethod.Top }),
        (
            "as published: α 0.5, C 5, σ 0.75, multinomial",
            NoRelevance with
            {
                Alpha = 0.5,
                Scale = 5,
                Bandwidth = 0.75,
                Sampling = SamplingMethod.Multinomial,
            }
        ),
    ];

    /// <summary>Gets the experiments by name.</summary>
    public IReadOnlyDictionary<string, Func<Task>> All
    {
        get
        {
            string[] suites = [Domain, Instruct];
            Dictionary<string, Func<Task>> all = [];
            foreach (double percent in Budgets)
            {
                Add($"methods-{percent}", suite => CompareAsync(suite, percent));
            }

            foreach (double percent in Budgets)
            {
                Add($"others-{percent}", suite => CompareOthersAsync(suite, percent));
            }

            Add("herding", CompareHerdingAsync);
            Add("joined", CompareJoinedAsync);
            Add("sieve", SieveAsync);
            Add("few-targets", TakeFewTargetsAsync);
            Add("settings", VaryAsync);
            Add("alpha", VaryAlphaAsync);
            Add("joined-alpha", VaryJoinedAlphaAsync);
            Add("range", VaryBudgetAsync);
            all["copies"] = CopyAsync;
            Add("lexical", CompareLexicalAsync);
            Add("embedders", CompareEmbeddersAsync);
            Add("models", CompareModelsAsync);
            Add("default-embedder", suite => new OtherVectors(data, output).CompareEmbeddersAsync(suite));
            Add("features", suite => new OtherVectors(data, output).CompareFeaturesAsync(suite));
            Add("model-speed", suite => new ModelSpeed(data, output).RunAsync(suite));
            all["sieve-speed"] = () => Task.Run(new SieveSpeed(data, output).Run);
            Add("small-pools", suite => new SmallPools(data, output).RunAsync(suite));
            return all;

            void Add(string name, Func<string, Task> experiment)
            {
                foreach (string suite in suites)
                {
                    all[$"{name}-{suite}"] = () => experiment(suite);
                }
            }
        }
    }

    private Task CompareAsync(string name, double percent) =>
        CompareAsync(
            name,
            name,
            SuiteOf(name, SuiteEmbedder.Default),
            [percent],
            [.. EntrantsOf(Methods), new Entrant(Plain, new TransportMethod(Plain, NoRelevance), Draws: true)]
        );

    private Task CompareOthersAsync(string name, double percent) =>
        CompareAsync(
            $"others-{name}",
            $"{name}: the other methods",
            SuiteOf(name, SuiteEmbedder.Default),
            [percent],
            EntrantsOf(Others)
        );

    /// <summary>
    /// Herding takes minutes for each task where it chooses thousands of rows: it has an experiment of its own.
    /// </summary>
    private static bool IsQuick(Entrant entrant, double percent) =>
        percent <= OnePercent || entrant.Name != "herding" || entrant.IsAwaited;

    private Task CompareHerdingAsync(string name) =>
        CompareAsync(
            $"herding-{name}",
            $"{name}: herding",
            SuiteOf(name, SuiteEmbedder.Default),
            [5],
            [.. EntrantsOf(["tsds", "random", "herding"]).Select(entrant => entrant with { IsAwaited = true })]
        );

    /// <summary>A suite is embedded once for all experiments of a run.</summary>
    private Suite SuiteOf(string name, SuiteEmbedder embedder, string? joined = null)
    {
        if (!_suites.TryGetValue((name, embedder.Name, joined), out Suite? suite))
        {
            suite = Suite.Load(data, name, embedder, joined: joined);
            _suites.Add((name, embedder.Name, joined), suite);
        }

        return suite;
    }

    private Task CompareLexicalAsync(string name) =>
        CompareAsync(
            $"{name}-lexical",
            $"{name}, --embedder lexical",
            SuiteOf(name, SuiteEmbedder.Named("lexical")),
            Budgets,
            [.. EntrantsOf(Methods), new Entrant(Plain, new TransportMethod(Plain, NoRelevance), Draws: true)]
        );

    private Task CompareJoinedAsync(string name) =>
        CompareAsync(
            $"joined-{name}",
            $"{name}, the pool joined with the other suite's",
            Suite.Load(data, name, SuiteEmbedder.Default, joined: name == Domain ? Instruct : Domain),
            [OnePercent, 5],
            [
                .. EntrantsOf(Methods).Where(entrant => entrant.Name != "herding"),
                new Entrant(Plain, new TransportMethod(Plain, NoRelevance), Draws: true),
                new Entrant("before relevance, θ 0.8", new TransportMethod("before", Before), Draws: true),
            ]
        );

    /// <summary>Compares selections with and without a sieve, on the pools of both suites joined.</summary>
    private Task SieveAsync(string name)
    {
        string folder = Path.Combine(output, $"sieve-{name}");
        return CompareAsync(
            $"sieve-{name}",
            $"{name}, the pool joined with the other suite's, sieved",
            Suite.Load(data, name, SuiteEmbedder.Named("static"), joined: name == Domain ? Instruct : Domain),
            [OnePercent],
            [
                new Entrant("tsds", new JobMethod("tsds", null, folder), Draws: false),
                new Entrant("tsds --sieve 10%", new JobMethod("tsds", "10%", folder), Draws: false),
                .. EntrantsOf(["random"]),
            ]
        );
    }

    private Task VaryAsync(string name) =>
        CompareAsync(
            $"settings-{name}",
            $"Settings of tsds: {name}",
            SuiteOf(name, SuiteEmbedder.Default),
            [OnePercent, 5],
            [
                // One seed: settings share it, and are many.
                .. Settings.Select(setting => Once(setting.Name, setting.Options)),
                .. EntrantsOf(["rds+refill", "random"]),
            ]
        );

    /// <summary>Compares weights of alignment with weights of relevance: both say how far rows may lie.</summary>
    private Task VaryAlphaAsync(string name) =>
        CompareAsync(
            $"alpha-{name}",
            $"Alignment and relevance: {name}",
            SuiteOf(name, MoreLexical),
            Budgets,
            [
                Once("tsds", Defaults),
                .. from relevance in Relevances
                from alpha in Alphas
                select Once($"α {alpha}, λ {relevance}", Defaults with { Alpha = alpha, Relevance = relevance }),
                .. EntrantsOf(["rds+refill", "bm25", "random"]),
            ]
        );

    /// <summary>Compares weights of alignment where the budget is tiny, and where it is above what is right.</summary>
    private Task VaryBudgetAsync(string name) =>
        CompareAsync(
            $"range-{name}",
            $"Budgets: {name}",
            SuiteOf(name, MoreLexical),
            WideBudgets,
            [
                Once("tsds", Defaults),
                .. Alphas[1..3].Select(AtAlpha),
                .. EntrantsOf(["max-sim", "rds+refill", "random"]),
            ]
        );

    private Task VaryJoinedAlphaAsync(string name) =>
        CompareAsync(
            $"joined-alpha-{name}",
            $"Alignment: {name}, the pool joined with the other suite's",
            Suite.Load(data, name, MoreLexical, joined: name == Domain ? Instruct : Domain),
            [OnePercent],
            [Once("tsds", Defaults), .. Alphas.Select(AtAlpha), .. EntrantsOf(["rds+refill", "random"])]
        );

    /// <summary>Entrants on all tasks of a suite, a file of tables for each budget.</summary>
    private async Task CompareAsync(
        string file,
        string title,
        Suite suite,
        double[] budgets,
        IReadOnlyList<Entrant> entrants
    )
    {
        Lazy<Judge> judge = new(() => new Judge(suite));
        foreach (double percent in budgets)
        {
            // Classifiers take most of the time and tell methods that look at targets apart by little; bench/decoder
            // asks the same question of a transformer.
            Lazy<Contest> contest = new(() => new Contest(suite, judge.Value) { MeasuresF1 = false });
            OutcomeStore store = new(Path.Combine(output, "outcomes", $"{file}-{percent}"));
            List<Outcome> outcomes = [];
            foreach (SuiteTask task in suite.Tasks)
            {
                outcomes.AddRange(
                    await store
                        .GetAsync(
                            task.Name,
                            () =>
                                contest.Value.RunAsync(task, Rows(suite, percent), [.. entrants, Ceiling(suite, task)])
                        )
                        .ConfigureAwait(false)
                );

                // After every task, so that a run that is stopped leaves what it found.
                Tables tables = new(
                    $"{title}: {Rows(suite, percent):N0} of {suite.Rows.Count:N0} rows ({percent} %), "
                        + $"{outcomes.Select(outcome => outcome.Task).Distinct().Count()} tasks"
                );
                tables.AddSummary("Means over tasks", outcomes);
                tables.AddByTask(outcomes);
                tables.Save(Path.Combine(output, $"{file}-{percent}.md"));
            }
        }
    }

    /// <summary>
    /// So many targets of each task, five times, with and without relevance: what it costs or gains where the targets
    /// as a group say little.
    /// </summary>
    private async Task TakeFewTargetsAsync(string name)
    {
        Suite suite = SuiteOf(name, SuiteEmbedder.Default);
        Lazy<Contest> contest = new(() => new Contest(suite, new Judge(suite)) { MeasuresF1 = false });
        Entrant[] entrants = [Once("tsds", Defaults), Once(NoWeight, Defaults with { Relevance = 0 })];
        OutcomeStore store = new(Path.Combine(output, "outcomes", $"few-targets-{name}"));
        Dictionary<int, List<Outcome>> byCount = FewTargets.ToDictionary(count => count, _ => new List<Outcome>());

        // All numbers of targets with one draw first: a run that is stopped has something of everything.
        for (int draw = 0; draw < FewTargetsDraws; draw++)
        {
            foreach (int count in FewTargets)
            {
                foreach (SuiteTask task in suite.Tasks)
                {
                    SuiteTask few = Few(task, count, draw);
                    byCount[count]
                        .AddRange(
                            await store
                                .GetAsync(
                                    $"{task.Name}-{count}-{draw}",
                                    () => contest.Value.RunAsync(few, Rows(suite, OnePercent), entrants)
                                )
                                .ConfigureAwait(false)
                        );
                }

                Tables tables = new(
                    $"Few targets: {name}, {OnePercent} %, at most {FewTargetsHeldOut} held-out rows; what relevance "
                        + $"gains, nats a word, in up to {FewTargetsDraws} draws of the targets"
                );
                foreach ((int targets, List<Outcome> outcomes) in byCount.Where(pair => pair.Value.Count > 0))
                {
                    tables.AddDraws($"{targets} targets", outcomes, NoWeight);
                }

                tables.Save(Path.Combine(output, $"few-targets-{name}.md"));
            }
        }
    }

    private static SuiteTask Few(SuiteTask task, int count, int draw)
    {
        CounterRandom random = new((ulong)draw, FewTargetsStream + (ulong)count);
        int[] taken =
        [
            .. Enumerable.Range(0, task.Queries.Count).OrderBy(query => random.Bits((ulong)query)).Take(count).Order(),
        ];
        int step = (task.HeldOut.Count + FewTargetsHeldOut - 1) / FewTargetsHeldOut;
        return task with
        {
            HeldOut = [.. task.HeldOut.Where((_, row) => row % step == 0)],
            Queries = [.. taken.Select(query => task.Queries[query])],
            Targets = new EmbeddingMatrix(
                taken.SelectMany(query => task.Targets[query].ToArray()).ToArray(),
                task.Targets.Dimension
            ),
        };
    }

    private async Task CopyAsync()
    {
        Suite suite = SuiteOf(Domain, SuiteEmbedder.Default);
        long budget = Rows(suite, OnePercent);
        Tables tables = new($"{Domain}: 1 % of {suite.Rows.Count:N0} rows copied, {budget:N0} selected");
        Dictionary<int, IReadOnlyList<Outcome>> byTimes = [];
        foreach (int times in new[] { 1, 10, 100, 1_000 })
        {
            OutcomeStore store = new(Path.Combine(output, "outcomes", $"copies-{times}"));
            Lazy<Suite> copied = new(() => times == 1 ? suite : suite.WithCopies(data, times));
            Lazy<Contest> contest = new(() =>
                new Contest(copied.Value, new Judge(copied.Value)) { MeasuresF1 = false, HidesCopies = true }
            );
            List<Outcome> outcomes = [];
            foreach (SuiteTask task in suite.Tasks)
            {
                // What moves must be the selection: as many words as without copies.
                long? words = byTimes.GetValueOrDefault(1)?.First(outcome => outcome.Task == task.Name).Words;
                outcomes.AddRange(
                    await store
                        .GetAsync(
                            task.Name,
                            () => contest.Value.RunAsync(task, budget, EntrantsOf(CopiedMethods), words)
                        )
                        .ConfigureAwait(false)
                );
            }

            byTimes[times] = outcomes;
        }

        tables.AddMovement(byTimes);
        tables.Save(Path.Combine(output, "copies.md"));
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

    /// <summary>Compares embedders, transformers among them, on a sample of the pool.</summary>
    private async Task CompareModelsAsync(string name)
    {
        Tables tables = new($"Embedders: {FewRows:N0} rows of {name}, {OnePercent} %");
        foreach (string model in Models)
        {
            await AddAsync(
                    tables,
                    Suite.Load(data, name, SuiteEmbedder.Named(model), FewRows),
                    model,
                    EntrantsOf(["tsds", "rds+", "max-sim", "herding", "random"]),
                    OnePercent
                )
                .ConfigureAwait(false);
            tables.Save(Path.Combine(output, $"models-{name}.md"));
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

    private static Entrant AtAlpha(double alpha) => Once($"α {alpha}", Defaults with { Alpha = alpha });

    /// <summary>Returns a setting of tsds that draws with one seed.</summary>
    private static Entrant Once(string name, SelectionOptions options) =>
        new(name, new TransportMethod(name, options), Draws: false);

    private static Entrant Ceiling(Suite suite, SuiteTask task) =>
        new(RightSourceMethod.Title, new RightSourceMethod(task, suite.Rows), Draws: true);

    private static long Rows(Suite suite, double percent) => (long)Math.Round(suite.Rows.Count * percent / 100);
}
