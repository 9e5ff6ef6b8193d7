using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Store;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Quality;

/// <summary>The command as a method: from texts in files to rows, with or without a sieve.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="sieve">The size of the shortlist, or null for no sieve.</param>
/// <param name="folder">A folder for the files, which are written once, and for the cache of vectors.</param>
internal sealed class JobMethod(string name, string? sieve, string folder) : ISelectionMethod
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Name => name;

    public MethodNeeds Needs => MethodNeeds.Texts;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) => 0;

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        string pool = Path.Combine(folder, "pool.jsonl");
        if (!File.Exists(pool))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllLines(pool, inputs.Rows!.Select(row => Line(row.Text!)));
        }

        string targets = Path.Combine(folder, "targets.jsonl");
        File.WriteAllLines(targets, inputs.TargetTexts!.Select(Line));
        SelectionJobOptions job = new()
        {
            Spec = new SelectionSpec
            {
                Pool = [pool],
                Targets = [targets],
                Budget = Parse(inputs.Budget.ToString(CultureInfo.InvariantCulture)),
                Sieve = sieve is null ? null : Parse(sieve),
                Seed = inputs.Seed,
                HasReport = false,
            },
            Output = Path.Combine(folder, "out"),
            Force = true,
            Cache = new VectorCache(Path.Combine(folder, "cache")),
        };
        SelectionSummary summary = await SelectionJob.RunAsync(job, null, cancellationToken).ConfigureAwait(false);
        SelectionManifest manifest = SelectionManifest.Read(job.Output);
        if (summary.Sieve is { } sieved)
        {
            double seconds = manifest.Record.Run!.Seconds!["sieving"];
            Console.Error.WriteLine(
                $"    recall {sieved.Recall:F3} [{sieved.RecallLow:F3}, {sieved.RecallHigh:F3}] of {sieved.Relevant}; "
                    + $"{sieved.PoolRows / seconds:N0} rows/s scored"
            );
        }

        return new MethodResult(
            LineageFile
                .ReadLineage(job.Output)
                .Where(line => line.Count > 0)
                .Select(line => line.Line!.Value - 1)
                .Order()
                .ToArray()
        );
    }

    private static Budget Parse(string text) =>
        Budget.TryParse(text, out Budget budget) ? budget : throw new ArgumentException($"no budget: '{text}'");

    private static string Line(string text) => JsonSerializer.Serialize(new { text }, Plain);
}
