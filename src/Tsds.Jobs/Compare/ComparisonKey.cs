using System.Security.Cryptography;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>Knows a comparison by its content.</summary>
internal static class ComparisonKey
{
    /// <summary>Changes whenever the same inputs would give other selections or scores.</summary>
    private const int Version = 3;

    /// <summary>Hashes all that decides what methods select and score.</summary>
    public static string Of(
        CompareJobOptions options,
        JobInputs inputs,
        GivenRows? test,
        EvaluationData data,
        PoolRowFile? rows,
        long budget
    )
    {
        SelectionOptions selection = options.Job.Spec.Settings;
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("tool", typeof(DataSelector).Assembly.GetName().Version?.ToString());
            inputs.Pool.Embedding.Write(json);
            WriteHashes(
                json,
                "vectors",
                inputs.Pool.VectorFiles,
                inputs.Targets.VectorFiles,
                test?.Vectors?.Files ?? []
            );
            WriteHashes(json, "test", test?.Reader?.Files ?? []);
            json.WriteString("rows", rows?.Sha256);
            WriteHashes(json, "targets", inputs.Targets.Files);
            json.WriteStrings("targetTexts", data.TargetTexts ?? []);
            json.WriteStrings("groups", data.TargetGroups!);
            WriteNumbers(json, "targetTasks", (data.TargetTasks ?? []).Select(task => (double)task));
            WriteNumbers(json, "targetWeights", inputs.Targets.Tasks?.Weights ?? []);
            WriteNumbers(json, "hidden", [.. data.HiddenIds.ToArray().Select(id => (double)id)]);
            json.WriteNumber("budget", budget);
            json.WriteString("regularizer", OptionNames.Of(selection.Regularizer));
            json.WriteString("densityBase", OptionNames.Of(selection.DensityBase));
            json.WriteString("sampling", OptionNames.Of(selection.Sampling));
            json.WriteNumber("alpha", selection.Alpha);
            json.WriteFinite("scale", selection.Scale);
            json.WriteFinite("bandwidth", selection.Bandwidth);
            json.WriteFinite("neighbors", selection.EffectiveNeighbors);
            json.WriteFinite("expectedDistinct", selection.ExpectedDistinct);
            json.WriteBoolean("tuned", options.Job.Spec.TunesAlpha);
            json.WriteFinite("relevance", options.Job.Spec.Relevance);
            json.WriteBoolean("center", selection.Center);
            json.WriteString("copies", OptionNames.Of(options.Job.Spec.Copies));
            json.WriteNumber("seed", selection.Seed);
            json.WriteNumber("seeds", options.SeedCount);
            json.WriteBoolean("detailed", options.IsDetailed);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    private static void WriteHashes(
        Utf8JsonWriter json,
        string name,
        params IEnumerable<IEnumerable<InputFile>> files
    ) => json.WriteStrings(name, files.SelectMany(list => list).Select(file => file.Sha256));

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
