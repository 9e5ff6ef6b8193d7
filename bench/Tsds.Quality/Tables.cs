using System.Globalization;
using System.Text;

namespace Tsds.Quality;

/// <summary>Outcomes as Markdown.</summary>
internal sealed class Tables
{
    private readonly StringBuilder _text = new();

    public Tables(string title) => _text.Append(CultureInfo.InvariantCulture, $"# {title}\n");

    /// <summary>Adds a line for each method: means over tasks, the best cross-entropy first.</summary>
    public void AddSummary(string title, IReadOnlyList<Outcome> outcomes)
    {
        Skill skill = new(outcomes);
        AddTable(
            title,
            [
                "method",
                "cross-entropy skill",
                "tsds ahead by",
                "right source",
                "right or related",
                "KL reduction",
                "F1",
                "mixture distance",
                "seconds",
            ],
            outcomes
                .GroupBy(outcome => outcome.Method)
                .OrderByDescending(method => skill.Value(method.Key))
                .Select(method =>
                    new[]
                    {
                        method.Key,
                        skill.Of(method.Key),
                        skill.Difference("tsds", method.Key),
                        Mean(method, outcome => outcome.RightSource),
                        Mean(method, outcome => outcome.Related),
                        Mean(method, outcome => outcome.KlReduction),
                        Mean(method, outcome => outcome.F1),
                        Mean(method.Where(HasMixture), outcome => outcome.MixtureDistance),
                        method.Average(outcome => outcome.Seconds).ToString("F1", CultureInfo.InvariantCulture),
                    }
                )
        );
    }

    /// <summary>Adds what each method reaches on each task, a table for each measure.</summary>
    public void AddByTask(IReadOnlyList<Outcome> outcomes)
    {
        AddByTask("Cross-entropy of held-out rows, nats a word", outcomes, outcome => outcome.CrossEntropy);
        AddByTask("Right source", outcomes, outcome => outcome.RightSource);
        AddByTask("F1", [.. outcomes.Where(outcome => !double.IsNaN(outcome.F1))], outcome => outcome.F1);
        AddByTask("KL reduction", outcomes, outcome => outcome.KlReduction);
        AddByTask("Mixture distance", [.. outcomes.Where(HasMixture)], outcome => outcome.MixtureDistance);
        AddByTask(
            "Words of each language model",
            [.. outcomes.Where(outcome => outcome.Method == RightSourceMethod.Title)],
            outcome => outcome.Words
        );
    }

    /// <summary>
    /// Adds how far tsds is ahead of each other method on each task, with the interval of that task's held-out rows.
    /// </summary>
    public void AddAheadByTask(string title, IReadOnlyList<Outcome> outcomes)
    {
        string[] others = [.. outcomes.Select(outcome => outcome.Method).Distinct().Where(name => name != "tsds")];
        AddTable(
            title,
            ["task", .. others],
            outcomes
                .GroupBy(outcome => outcome.Task)
                .Select(task =>
                {
                    Skill skill = new([.. task]);
                    return (string[])[task.Key, .. others.Select(other => skill.Difference("tsds", other))];
                })
        );
    }

    /// <summary>Adds how far selections move when rows are copied.</summary>
    /// <param name="byTimes">The outcomes by how often each copied row is in the pool; 1 is the pool without
    /// copies.</param>
    public void AddMovement(IReadOnlyDictionary<int, IReadOnlyList<Outcome>> byTimes)
    {
        Dictionary<(string, string), Outcome> before = byTimes[1]
            .ToDictionary(outcome => (outcome.Method, outcome.Task));
        foreach ((int times, IReadOnlyList<Outcome> outcomes) in byTimes.Where(pair => pair.Key > 1))
        {
            AddTable(
                $"Each copied row {times:N0} times in the pool: means over "
                    + $"{outcomes.Select(outcome => outcome.Task).Distinct().Count()} tasks",
                [
                    "method",
                    "cross-entropy moves by",
                    "largest",
                    "rows selected that are copies of another",
                    "originals kept",
                    "right source before",
                    "after",
                ],
                outcomes
                    .GroupBy(outcome => outcome.Method)
                    .Select(method =>
                        new[]
                        {
                            method.Key,
                            Percent(method.Average(outcome => Move(before[(outcome.Method, outcome.Task)], outcome))),
                            Percent(
                                method.MaxBy(outcome => Math.Abs(Move(before[(outcome.Method, outcome.Task)], outcome)))
                                    is { } most
                                    ? Move(before[(most.Method, most.Task)], most)
                                    : 0
                            ),
                            Percent(method.Average(outcome => (double)outcome.Copies / outcome.Rows)),
                            Percent(
                                method.Average(outcome =>
                                    (double)
                                        before[(outcome.Method, outcome.Task)]
                                            .Originals.Intersect(outcome.Originals)
                                            .Count() / outcome.Rows
                                )
                            ),
                            Mean(
                                method.Select(outcome => before[(outcome.Method, outcome.Task)]),
                                outcome => outcome.RightSource
                            ),
                            Mean(method, outcome => outcome.RightSource),
                        }
                    )
            );
            AddByTask(
                $"Cross-entropy of held-out rows with rows {times:N0} times, nats a word",
                outcomes,
                outcome => outcome.CrossEntropy
            );
        }

        AddByTask(
            "Cross-entropy of held-out rows without copies, nats a word",
            byTimes[1],
            outcome => outcome.CrossEntropy
        );
    }

    /// <summary>
    /// Adds, for each task, how far tsds is ahead of another method in each draw of the targets, in nats a word.
    /// </summary>
    public void AddDraws(string title, IReadOnlyList<Outcome> outcomes, string other)
    {
        string[] means = new string[4];
        double[] byTask =
        [
            .. outcomes
                .GroupBy(outcome => outcome.Task)
                .Select(task =>
                    task.Where(outcome => outcome.Method == other).Average(outcome => outcome.CrossEntropy)
                    - task.Where(outcome => outcome.Method == "tsds").Average(outcome => outcome.CrossEntropy)
                ),
        ];
        (means[0], means[1], means[2], means[3]) = ("mean", Text(byTask.Average()), "", "");
        AddTable(
            title,
            ["task", "ahead on average, nats a word", "by draw", "interval of each draw, half its width"],
            outcomes
                .GroupBy(outcome => outcome.Task)
                .Select(task =>
                {
                    Outcome[] ours = [.. task.Where(outcome => outcome.Method == "tsds")];
                    Outcome[] theirs = [.. task.Where(outcome => outcome.Method == other)];
                    double[] ahead = [.. theirs.Zip(ours, (they, we) => they.CrossEntropy - we.CrossEntropy)];
                    IEnumerable<double> widths = theirs.Zip(ours, (they, we) => 1.96 * ErrorOf(they, we));
                    return new[]
                    {
                        task.Key,
                        Text(ahead.Average()),
                        string.Join(", ", ahead.Select(Text)),
                        string.Join(", ", widths.Select(Text)),
                    };
                })
                .Append(means)
        );
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, _text.ToString());
    }

    private static bool HasMixture(Outcome outcome) => outcome.MixtureDistance is > 0 and <= 1;

    /// <summary>The relative change of cross-entropy; worse is positive.</summary>
    private static double Move(Outcome before, Outcome after) => (after.CrossEntropy / before.CrossEntropy) - 1;

    private static string Mean(IEnumerable<Outcome> outcomes, Func<Outcome, double> measure)
    {
        double[] values = [.. outcomes.Select(measure).Where(value => !double.IsNaN(value))];
        return values.Length == 0 ? "" : values.Average().ToString("F3", CultureInfo.InvariantCulture);
    }

    /// <summary>The standard error of a difference of cross-entropies over the held-out rows.</summary>
    private static double ErrorOf(Outcome one, Outcome other)
    {
        double words = one.HeldOutWords.Sum();
        double mean = one.CrossEntropy - other.CrossEntropy;
        return Math.Sqrt(
                Enumerable
                    .Range(0, one.Nats.Length)
                    .Sum(row => Math.Pow(one.Nats[row] - other.Nats[row] - (mean * one.HeldOutWords[row]), 2))
            ) / words;
    }

    private static string Text(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P2", CultureInfo.InvariantCulture);

    private void AddByTask(string title, IReadOnlyList<Outcome> outcomes, Func<Outcome, double> measure)
    {
        string[] tasks = [.. outcomes.Select(outcome => outcome.Task).Distinct()];
        if (tasks.Length == 0)
        {
            return;
        }

        AddTable(
            title,
            ["method", .. tasks],
            outcomes
                .GroupBy(outcome => outcome.Method)
                .Select(method =>
                    (string[])
                        [
                            method.Key,
                            .. tasks.Select(task => Mean(method.Where(outcome => outcome.Task == task), measure)),
                        ]
                )
        );
    }

    /// <summary>Adds a table.</summary>
    public void AddTable(string title, string[] header, IEnumerable<string[]> lines)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"\n## {title}\n\n| {string.Join(" | ", header)} |\n|{string.Join('|', header.Select(_ => "---"))}|\n"
        );
        foreach (string[] line in lines)
        {
            _text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", line)} |\n");
        }
    }
}
