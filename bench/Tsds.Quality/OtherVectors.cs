using System.Globalization;
using Tsds.Evaluation.Methods;

namespace Tsds.Quality;

/// <summary>
/// The default of tsds on the default's vectors and on others of the same rows, judged together so that language models
/// train on equally many words.
/// </summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables, and of the outcomes behind them.</param>
internal sealed class OtherVectors(string data, string output)
{
    private const double Percent = 1;

    private static readonly string[] Embedders =
    [
        "lexical",
        "80%lexical+static",
        "70%lexical+static",
        "60%lexical+static",
    ];

    private static readonly int[] Ranks = [16, 64];

    /// <summary>Compares the default embedder with the lexical one and with other shares of the two.</summary>
    public async Task CompareEmbeddersAsync(string name)
    {
        Suite suite = Suite.Load(data, name, SuiteEmbedder.Default);
        Suite[] others = [.. Embedders.Select(embedder => Suite.Load(data, name, SuiteEmbedder.Named(embedder)))];
        CandidatePool[] pools = [.. others.Select(other => CandidatePool.FromEmbeddings(other.Pool))];
        await RunAsync(
                $"default-embedder-{name}",
                "the default embedder and others, all with relevance",
                suite,
                seeds: true,
                task =>
                    Embedders.Select(
                        (embedder, place) =>
                            new VectorsMethod(
                                embedder,
                                pools[place],
                                others[place].Tasks.Single(same => same.Name == task.Name).Targets
                            )
                    )
            )
            .ConfigureAwait(false);
        Array.ForEach(pools, pool => pool.Dispose());
    }

    /// <summary>Compares vectors as they are given with the same whitened or projected on the targets' span.</summary>
    public async Task CompareFeaturesAsync(string name)
    {
        Suite suite = Suite.Load(data, name, SuiteEmbedder.Default);
        LinearMap whitening = LinearMap.Whiten(suite.Pool);
        using CandidatePool whitened = CandidatePool.FromEmbeddings(whitening.Of(suite.Pool));
        await RunAsync(
                $"features-{name}",
                "vectors as given, whitened by the pool, projected on R singular vectors of the targets",
                suite,
                seeds: false,
                task =>
                    [
                        new VectorsMethod("whiten", whitened, whitening.Of(task.Targets)),
                        .. Ranks.Select(rank =>
                        {
                            LinearMap map = LinearMap.Project(task.Targets, rank);
                            return new VectorsMethod(
                                $"subspace:{rank}",
                                CandidatePool.FromEmbeddings(map.Of(suite.Pool)),
                                map.Of(task.Targets)
                            );
                        }),
                    ]
            )
            .ConfigureAwait(false);
    }

    private async Task RunAsync(
        string file,
        string title,
        Suite suite,
        bool seeds,
        Func<SuiteTask, IEnumerable<VectorsMethod>> others
    )
    {
        Lazy<Contest> contest = new(() => new Contest(suite, new Judge(suite)) { MeasuresF1 = false });
        OutcomeStore store = new(Path.Combine(output, "outcomes", file));
        long budget = (long)Math.Round(suite.Rows.Count * Percent / 100);
        List<Outcome> outcomes = [];
        foreach (SuiteTask task in suite.Tasks)
        {
            outcomes.AddRange(
                await store
                    .GetAsync(task.Name, () => contest.Value.RunAsync(task, budget, EntrantsOf(task)))
                    .ConfigureAwait(false)
            );
            Tables tables = new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{suite.Name}: {title}: {budget:N0} of {suite.Rows.Count:N0} rows ({Percent} %), "
                        + $"{outcomes.DistinctBy(outcome => outcome.Task).Count()} tasks"
                )
            );
            tables.AddSummary("Means over tasks", outcomes);
            tables.AddAheadByTask("tsds ahead by, skill", outcomes);
            tables.AddByTask(outcomes);
            tables.Save(Path.Combine(output, $"{file}.md"));
        }

        Entrant[] EntrantsOf(SuiteTask task) =>
            [
                new("tsds", SelectionMethods.Find("tsds"), Draws: seeds),
                .. others(task).Select(method => new Entrant(method.Name, method, Draws: seeds)),
                new("random", SelectionMethods.Find("random"), Draws: true, IsBlind: true),
                new(RightSourceMethod.Title, new RightSourceMethod(task, suite.Rows), Draws: true),
            ];
    }
}
