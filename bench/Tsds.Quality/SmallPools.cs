using System.Globalization;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>
/// The built-in embedders on samples of a pool, down to 500 rows: right rows of a selection of half as many rows as are
/// right, and how well the targets know each other.
/// </summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables.</param>
internal sealed class SmallPools(string data, string output)
{
    private const int FewestRight = 10;
    private const int KnownRows = 4_000;
    private const int KnownTargets = 400;

    private static readonly int?[] Sizes = [500, 2_000, 5_000, 20_000, null];

    private static readonly string[] Embedders =
    [
        "lexical",
        "static",
        "80%lexical+static",
        "70%lexical+static",
        "lexical+static",
    ];

    /// <summary>Runs the experiment on a suite.</summary>
    public async Task RunAsync(string name)
    {
        Tables tables = new($"Built-in embedders by the size of the pool: {name}");
        foreach (int? size in Sizes)
        {
            Dictionary<string, Dictionary<string, (double Right, TargetAcquaintance Known)>> byTask = [];
            foreach (string embedder in Embedders)
            {
                Suite suite = Suite.Load(data, name, SuiteEmbedder.Named(embedder), size);
                foreach (SuiteTask task in suite.Tasks)
                {
                    int right = suite.Rows.Count(row => task.IsRight(row.Source));
                    if (right >= FewestRight)
                    {
                        byTask.TryAdd(task.Name, []);
                        byTask[task.Name][embedder] = (
                            await SelectAsync(suite, task, Math.Min(right / 2, suite.Rows.Count / 20))
                                .ConfigureAwait(false),
                            TargetAcquaintance.Measure(
                                Few(task.Targets, KnownTargets),
                                Few(suite.Pool, KnownRows),
                                Environment.ProcessorCount,
                                CancellationToken.None
                            )
                        );
                    }
                }
            }

            IEnumerable<string[]> lines = byTask.SelectMany(task =>
                Embedders.Select(embedder =>
                    new[]
                    {
                        task.Key,
                        embedder,
                        Text(task.Value[embedder].Right),
                        Text(task.Value[embedder].Known.Mean),
                        Text(task.Value[embedder].Known.AdvantageOver(task.Value[Embedders[0]].Known)),
                    }
                )
            );
            IEnumerable<string[]> means = Embedders.Select(embedder =>
                new[]
                {
                    "mean",
                    embedder,
                    Text(byTask.Values.Average(task => task[embedder].Right)),
                    Text(byTask.Values.Average(task => task[embedder].Known.Mean)),
                    "",
                }
            );
            tables.AddTable(
                size is { } rows ? string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows") : "All rows",
                [
                    "task",
                    "embedder",
                    "right source",
                    "percentile of a held-out target",
                    "standard errors ahead of lexical",
                ],
                [.. lines, .. means]
            );
            tables.Save(Path.Combine(output, $"small-pools-{name}.md"));
        }
    }

    private static async Task<double> SelectAsync(Suite suite, SuiteTask task, int budget)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(suite.Pool);
        MethodResult result = await SelectionMethods
            .Find("tsds")
            .SelectAsync(
                new MethodInputs
                {
                    Pool = pool,
                    Targets = task.Targets,
                    Budget = budget,
                },
                null,
                CancellationToken.None
            )
            .ConfigureAwait(false);
        return result.CandidateIds.ToArray().Average(row => task.IsRight(suite.Rows[(int)row].Source) ? 1.0 : 0);
    }

    private static EmbeddingMatrix Few(EmbeddingMatrix vectors, int count) =>
        new(
            HashSample.OfRange(vectors.Count, count, 0).SelectMany(row => vectors[(int)row].ToArray()).ToArray(),
            vectors.Dimension
        );

    private static string Text(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
