using System.Globalization;
using Tsds.Data.Rows;
using Tsds.Data.Sieving;

namespace Tsds.Quality;

/// <summary>
/// The rows that a sieve reads and scores on two threads, per second of the processor: other work on a machine moves
/// that least.
/// </summary>
/// <param name="data">The folder of the evaluation data.</param>
/// <param name="output">The folder of the tables.</param>
internal sealed class SieveSpeed(string data, string output)
{
    private const int ExampleCount = 2_000;
    private const int Rounds = 3;
    private const int ThreadCount = 2;

    private static readonly string[] Suites = ["domain", "instruct"];

    /// <summary>Runs the experiment on the pools of both suites.</summary>
    public void Run()
    {
        string[] pool = [.. Suites.Select(name => Path.Combine(data, name, "pool.jsonl.zst"))];
        List<int[]> examples = [];
        int[] buckets = new int[NgramFeatures.Most];
        foreach (Row row in new RowReader(pool).Read().Take(ExampleCount))
        {
            examples.Add(buckets[..NgramFeatures.Read(row.Text, buckets)]);
        }

        // What it learns does not matter to how fast it scores.
        LinearSieve model = LinearSieve.Learn(examples, [.. examples.Select((_, i) => i % 10 == 0 ? 1.0 : 0.0)]);
        double[] seconds = new double[Rounds];
        long count = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using RowScores scores = new(Path.Combine(output, "sieve.scores"));
            count = 0;
            TimeSpan start = Environment.CpuUsage.TotalTime;
            scores.Write(Texts(), model.Score, ThreadCount);
            seconds[round] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            Console.Error.WriteLine($"  {count} rows in {seconds[round]:F2} s of the processor");
        }

        Tables tables = new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A sieve on the {count:N0} rows of both suites' pools, {ThreadCount} threads, {Rounds} rounds"
            )
        );
        tables.AddTable(
            "Processor time of reading, parsing and scoring",
            ["seconds, median", "smallest", "largest", "rows per second of the processor, median"],
            [
                [
                    Text(seconds.Order().ElementAt(Rounds / 2)),
                    Text(seconds.Min()),
                    Text(seconds.Max()),
                    Text(count / seconds.Order().ElementAt(Rounds / 2)),
                ],
            ]
        );
        tables.Save(Path.Combine(output, "sieve-speed.md"));

        IEnumerable<string> Texts()
        {
            foreach (Row row in new RowReader(pool).Read())
            {
                count++;
                yield return row.Text;
            }
        }
    }

    private static string Text(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
