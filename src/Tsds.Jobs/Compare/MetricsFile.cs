using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>
/// Writes <c>metrics.json</c>: what was compared on what, and all metrics of every method. All but <c>run</c> repeats
/// exactly.
/// </summary>
internal sealed class MetricsFile
{
    public const string Name = "metrics.json";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required CompareJobOptions Job { get; init; }

    public required JobInputs Inputs { get; init; }

    /// <summary>Gets the rows that ought not to be chosen, or null.</summary>
    public required GivenRows? Test { get; init; }

    public required MethodRunner Runner { get; init; }

    public required IReadOnlyList<FinishedMethod> Methods { get; init; }

    public required IReadOnlyList<LeftOutMethod> LeftOut { get; init; }

    /// <summary>Gets what may differ between two runs.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>Reads the key of the comparison that a folder holds the result of.</summary>
    /// <returns>Null when there is no such file, or it is not ours.</returns>
    public static string? ReadKey(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("key").GetString();
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FileNotFoundException
                        or DirectoryNotFoundException
            )
        {
            return null;
        }
    }

    public void Write(string path)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(stream, Options);
        json.WriteStartObject();
        ManifestFile.WriteTool(json);
        json.WriteString("key", Runner.Key);
        WriteInputs(json);
        Inputs.Pool.Embedding.Write(json);
        WriteOptions(json);
        WriteFolds(json);
        json.WriteStartArray("methods");
        foreach (FinishedMethod method in Methods)
        {
            method.Scorecard.Write(json);
        }

        json.WriteEndArray();
        json.WriteObjects(
            "leftOut",
            LeftOut,
            method =>
            {
                json.WriteString("method", method.Method);
                json.WriteString("reason", method.Reason);
            }
        );
        WriteRun(json);
        json.WriteEndObject();
    }

    private void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteStartObject("inputs");
        ManifestFile.WriteFiles(json, "pool", Inputs.Pool.Rows?.Files ?? []);
        ManifestFile.WriteFiles(json, "targets", Inputs.Targets.Files);
        ManifestFile.WriteFiles(json, "poolVectors", Inputs.Pool.VectorFiles);
        ManifestFile.WriteFiles(json, "targetVectors", Inputs.Targets.VectorFiles);
        ManifestFile.WriteFiles(
            json,
            "exclude",
            [.. Inputs.Exclusion.Given.SelectMany(given => given.Reader?.Files ?? [])]
        );
        ManifestFile.WriteFiles(
            json,
            "excludeVectors",
            [.. Inputs.Exclusion.Given.SelectMany(given => given.Vectors?.Files ?? [])]
        );
        ManifestFile.WriteFiles(json, "test", Test?.Reader?.Files ?? []);
        ManifestFile.WriteFiles(json, "testVectors", Test?.Vectors?.Files ?? []);
        json.WriteEndObject();
    }

    private void WriteOptions(Utf8JsonWriter json)
    {
        SelectionSpec spec = Job.Job.Spec;
        SelectionOptions selection = spec.Settings;
        json.WriteStartObject("options");
        json.WriteString("budget", spec.Budget.ToString());
        json.WriteNumber("budgetRows", Runner.Budget);
        json.WriteString("regularizer", OptionNames.Of(selection.Regularizer));
        json.WriteFinite("alpha", spec.Alpha);
        json.WriteFinite("scale", selection.Scale);
        json.WriteFinite("neighbors", selection.EffectiveNeighbors);
        json.WriteNumber("bandwidth", Runner.Bandwidth);
        json.WriteString("densityBase", OptionNames.Of(selection.DensityBase));
        json.WriteString("sampling", OptionNames.Of(selection.Sampling));
        json.WriteNumber("seed", selection.Seed);
        json.WriteNumber("seeds", Job.SeedCount);
        json.WriteBoolean("detailed", Job.IsDetailed);
        json.WriteString("groupField", Job.GroupField);
        json.WriteNumber("excludeDistance", spec.ResolvedExcludeDistance);
        json.WriteNumber("candidates", Inputs.Candidates.Count);
        json.WriteEndObject();
    }

    private void WriteFolds(Utf8JsonWriter json) =>
        json.WriteObjects(
            "folds",
            Runner.Folds,
            fold =>
            {
                WriteTargets(json, "guide", fold.SelectionSplit);
                WriteTargets(json, "heldOut", fold.HeldOut);
            }
        );

    private void WriteRun(Utf8JsonWriter json)
    {
        json.WriteStartObject("run");
        json.WriteString("output", Job.Job.Output);
        json.WriteNumber("threads", Job.Job.ThreadCount);
        json.WriteFinite("memoryLimit", Job.Job.MemoryLimit);
        Run.WriteSeconds(json);
        json.WriteStartObject("methodSeconds");
        foreach (FinishedMethod method in Methods)
        {
            json.WriteNumber(method.Scorecard.Method, method.Seconds);
        }

        json.WriteEndObject();
        json.WriteNumber("peakMemoryBytes", RunRecord.PeakMemoryBytes);
        json.WriteEndObject();
    }

    private static void WriteTargets(Utf8JsonWriter json, string name, IReadOnlyList<int> targets)
    {
        json.WriteStartArray(name);
        foreach (int target in targets)
        {
            json.WriteNumberValue(target);
        }

        json.WriteEndArray();
    }
}
