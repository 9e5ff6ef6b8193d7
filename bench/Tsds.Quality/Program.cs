using System.Diagnostics;
using System.Globalization;
using Tsds;
using Tsds.Quality;

// usage: dotnet run --project bench/Tsds.Quality -c Release -- DATA
// DATA holds the suites "domain" and "instruct" and tasks.json. Prints Markdown tables.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 1 || !File.Exists(Path.Combine(args[0], "tasks.json")))
{
    Console.Error.WriteLine("usage: Tsds.Quality DATA, where DATA holds tasks.json and the folders domain and instruct");
    return 1;
}

await PrintAsync("domain", withCopies: false, usesLsa: true).ConfigureAwait(false);
await PrintAsync("instruct", withCopies: false, usesLsa: true).ConfigureAwait(false);
await PrintAsync("domain", withCopies: true, usesLsa: true).ConfigureAwait(false);
await PrintAsync("domain", withCopies: false, usesLsa: false).ConfigureAwait(false);
await PrintAsync("instruct", withCopies: false, usesLsa: false).ConfigureAwait(false);
return 0;

async Task PrintAsync(string name, bool withCopies, bool usesLsa)
{
    Stopwatch watch = Stopwatch.StartNew();
    Suite suite = Suite.Load(args[0], name, withCopies, usesLsa);
    Console.Error.WriteLine($"{name}: {suite.Pool.Count} rows embedded in {watch.Elapsed.TotalSeconds:F0} s");
    using CandidatePool pool = CandidatePool.FromEmbeddings(suite.Pool);
    long budget = (long)Math.Round(suite.Pool.Count * 0.01);
    string title = withCopies ? $"{name} with 1 % of the rows copied 99 times" : name;
    string embedder = usesLsa ? "lexical embedder" : "random projection of the same features, no LSA";
    Console.WriteLine($"\n### {title}: {suite.Pool.Count:N0} rows, budget {budget:N0}, {embedder}\n");
    Console.WriteLine("| task | method | precision | distinct rows | near-copies | evenness | reach | σ | s | certified |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
    foreach (SuiteTask task in suite.Tasks)
    {
        foreach ((string method, Func<long, SelectionOptions> settings) in Methods.Settings)
        {
            SelectionResult result = await DataSelector.SelectAsync(pool, task.Targets, settings(budget)).ConfigureAwait(false);
            Score score = Score.Of(suite, task, result.CandidateIds.ToArray(), result.Counts.ToArray());
            PrintLine(task.Name, method, score, $"{result.Bandwidth:F3} | {result.EffectiveNeighbors:F1} | {(result.Certificate.IsCertified ? "yes" : "NO")}");
        }

        foreach (bool refills in new[] { false, true })
        {
            long[] taken = await Methods.SelectRoundRobinAsync(pool, task.Targets, (int)budget, refills).ConfigureAwait(false);
            long[] ones = [.. Enumerable.Repeat(1L, taken.Length)];
            PrintLine(task.Name, refills ? "round-robin, refilled" : "round-robin", Score.Of(suite, task, taken, ones), " |  | ");
        }
    }
}

static void PrintLine(string task, string method, Score score, string rest) =>
    Console.WriteLine(
        $"| {task} | {method} | {score.Precision:F3} | {score.DistinctRows} | {score.NearCopies} | {score.Evenness:F3} | {score.Reach:F3} | {rest} |");
