using System.Diagnostics;
using System.Globalization;
using Tsds.Quality;

// usage: dotnet run --project bench/Tsds.Quality -c Release -- DATA OUT [EXPERIMENT...]
// DATA holds the suites "domain" and "instruct" and tasks.json. Writes a Markdown file of tables to OUT for each
// experiment; without names, for all.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length < 2 || !File.Exists(Path.Combine(args[0], "tasks.json")))
{
    Console.Error.WriteLine(
        "usage: Tsds.Quality DATA OUT [EXPERIMENT...], where DATA holds tasks.json and the folders domain and instruct"
    );
    return 1;
}

IReadOnlyDictionary<string, Func<Task>> experiments = new Experiments(args[0], args[1]).All;
string[] names = args.Length > 2 ? args[2..] : [.. experiments.Keys];
if (names.FirstOrDefault(name => !experiments.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"Expected experiments, of {string.Join(", ", experiments.Keys)}; found {unknown}.");
    return 1;
}

foreach (string name in names)
{
    Stopwatch watch = Stopwatch.StartNew();
    await experiments[name]().ConfigureAwait(false);
    Console.Error.WriteLine($"{name}: {watch.Elapsed.TotalMinutes:F1} minutes");
}

return 0;
