using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;
using Tsds.Tests.Evaluation.Metrics;

namespace Tsds.Tests.Jobs.Compare;

/// <summary>
/// A pool of two kinds of rows with vectors and texts, targets of one kind, and the job that compares on them.
/// </summary>
internal sealed class ComparedFolder : IDisposable
{
    private const int Dimension = 6;

    private readonly TempFolder _folder = new();

    public ComparedFolder(int targetCount = 12)
    {
        Write("pool", [.. Enumerable.Range(0, 150).Select(row => row < 40)], seed: 1);
        Write("targets", [.. Enumerable.Range(0, targetCount).Select(_ => true)], seed: 2);
        Job = new CompareJobOptions
        {
            Methods = ["random", "max-sim"],
            Job = new SelectionJobOptions
            {
                Spec = new SelectionSpec
                {
                    Pool = [this["pool.jsonl"]],
                    PoolVectors = [this["pool.npy"]],
                    Targets = [this["targets.jsonl"]],
                    TargetVectors = [this["targets.npy"]],
                    Budget = Rows("20"),
                },
                Output = this["out"],
                Cache = null,
                ThreadCount = 2,
            },
        };
    }

    public string Root => _folder.Root;

    public CompareJobOptions Job { get; }

    public string this[string name] => _folder[name];

    public static Budget Rows(string text) =>
        Budget.TryParse(text, out Budget budget) ? budget : throw new ArgumentException(text);

    public static Task<CompareSummary> RunAsync(CompareJobOptions job) =>
        CompareJob.RunAsync(job, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Everything that a comparison wrote but times and places.</summary>
    public string Read(string output)
    {
        JsonObject metrics = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(this[output], "metrics.json")))!;
        metrics.Remove("run");
        return metrics.ToJsonString()
            + File.ReadAllText(Path.Combine(this[output], "scores.csv"))
            + File.ReadAllText(Path.Combine(this[output], "report.html"));
    }

    public double Metric(string output, string method, string metric) =>
        Card(output, method).GetProperty("metrics").GetProperty(metric).GetProperty("value").GetDouble();

    public JsonElement Card(string output, string method)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(this[output], "metrics.json")));
        return document
            .RootElement.GetProperty("methods")
            .EnumerateArray()
            .Single(card => card.GetProperty("method").GetString() == method)
            .Clone();
    }

    /// <summary>The rows that a method selected, over all folds.</summary>
    public long[] Selected(string output, string method)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(this[output], "methods", method + ".json"))
        );
        return
        [
            .. document
                .RootElement.GetProperty("selections")
                .EnumerateArray()
                .SelectMany(fold => fold.GetProperty("rows").EnumerateArray())
                .Select(row => row.GetInt64()),
        ];
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, bool[] isAlike, int seed)
    {
        Random random = new(seed);
        StringBuilder rows = new();
        using NpyWriter vectors = new(this[name + ".npy"], Dimension);
        for (int row = 0; row < isAlike.Length; row++)
        {
            vectors.Append(
                Vectors.Random(1, Dimension, (1_000 * seed) + row, shift: isAlike[row] ? 2 : -1).Values.Span
            );
            string words = string.Join(
                ' ',
                Enumerable.Range(0, 8).Select(_ => $"{(isAlike[row] ? 'a' : 'b')}{random.Next(12)}")
            );
            rows.Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"text":"{{words}}","source":"{{(isAlike[row] ? "alike" : "other")}}"}"""
                )
                .Append('\n');
        }

        vectors.Complete();
        File.WriteAllText(this[name + ".jsonl"], rows.ToString());
    }
}
