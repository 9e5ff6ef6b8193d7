using System.Globalization;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Rows;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>
/// What a transformer takes on one thread for rows of a suite: text by text, in batches, and in batches with products
/// in 8-bit integers. All in every round, one after the other; processor time, which other work on a machine moves
/// least.
/// </summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables.</param>
internal sealed class ModelSpeed(string data, string output)
{
    private const int RowCount = 192;
    private const int Rounds = 3;

    /// <summary>Rows per second of MiniLM in .NET, as published.</summary>
    private const int Published = 99;

    /// <summary>Runs the experiment on a suite.</summary>
    public async Task RunAsync(string name)
    {
        List<string> texts =
        [
            .. new RowReader([Path.Combine(data, name, "pool.jsonl.zst")]).Read().Select(row => row.Text),
        ];
        string[] rows = [.. HashSample.OfRange(texts.Count, RowCount, 0).Select(row => texts[(int)row])];
        (string Title, string Model, bool IsAlone)[] ways =
        [
            ("minilm, text by text", "minilm", true),
            ("minilm, batches", "minilm", false),
            ("int8-minilm, text by text", "int8-minilm", true),
            ("int8-minilm, batches", "int8-minilm", false),
        ];
        double[][] seconds = [.. ways.Select(_ => new double[Rounds])];
        double[] speeds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            speeds[round] = ModelCost.MeasureSpeed();
            for (int way = 0; way < ways.Length; way++)
            {
                using EmbedderFitting fitting = EmbedderFitting.Open(
                    new EmbedderOptions { Name = ways[way].Model },
                    threadCount: 1
                );
                using IEmbedder embedder = fitting.OpenOrFit(Path.GetTempPath(), null, CancellationToken.None);
                TimeSpan start = Environment.CpuUsage.TotalTime;
                foreach (string[] batch in rows.Chunk(ways[way].IsAlone ? 1 : RowCount))
                {
                    await embedder.EmbedAsync(batch, TextRole.Passage, CancellationToken.None).ConfigureAwait(false);
                }

                seconds[way][round] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                Console.Error.WriteLine($"  {ways[way].Title}: {seconds[way][round]:F1} s");
            }
        }

        Tables tables = new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"MiniLM on {RowCount} rows of {name}, one thread, {Rounds} rounds; published for .NET: "
                    + $"{Published} rows/s"
            )
        );
        tables.AddTable(
            "Rows a second of processor time",
            ["way", "rows/s, median", "times the first, median of rounds", "smallest", "largest"],
            [
                .. ways.Select(
                    (way, i) =>
                    {
                        double[] ratios = [.. seconds[0].Zip(seconds[i], (first, own) => first / own).Order()];
                        return (string[])
                            [
                                way.Title,
                                Text(RowCount / seconds[i].Order().ElementAt(Rounds / 2)),
                                Text(ratios[Rounds / 2]),
                                Text(ratios[0]),
                                Text(ratios[^1]),
                            ];
                    }
                ),
            ]
        );
        AddCost(tables, rows.Sum(row => (long)ModelCost.TokensOf(row)), seconds[1], speeds);
        tables.Save(Path.Combine(output, $"model-speed-{name}.md"));
    }

    /// <summary>
    /// Adds what the summary of a selection would have said of these rows, and how many times as fast as a plain
    /// product the model is.
    /// </summary>
    private static void AddCost(Tables tables, long tokens, double[] seconds, double[] speeds)
    {
        double measured = seconds.Order().ElementAt(Rounds / 2);
        double speed = speeds.Order().ElementAt(Rounds / 2);
        tables.AddTable(
            "minilm in batches, as told without running it",
            ["tokens, estimated", "GFLOP/s of a plain product", "s told", "s measured", "times that speed reached"],
            [
                [
                    tokens.ToString("N0", CultureInfo.InvariantCulture),
                    Text(speed / 1e9),
                    Text(ModelCost.Estimate(tokens, speed, 1).TotalSeconds),
                    Text(measured),
                    Text(tokens * ModelCost.OperationsPerToken / measured / speed),
                ],
            ]
        );
    }

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
