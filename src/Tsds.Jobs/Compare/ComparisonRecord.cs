using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>
/// <c>metrics.json</c>: what was compared on what, and all metrics of every method. All but <c>run</c> repeats exactly.
/// </summary>
/// <param name="Tool">The program.</param>
/// <param name="Key">The hash of all that decides what methods select and score.</param>
/// <param name="Inputs">The input files.</param>
/// <param name="Embedding">Where the embeddings come from.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Acquaintance">How well the targets of each task know each other; null in results from before it was
/// measured.</param>
/// <param name="Folds">How the targets were split.</param>
/// <param name="Methods">The methods with their metrics.</param>
/// <param name="LeftOut">The methods that took no part.</param>
/// <param name="Run">What may differ between two runs.</param>
internal sealed record ComparisonRecord(
    ToolRecord Tool,
    string Key,
    ComparisonInputs Inputs,
    EmbeddingRecord Embedding,
    ComparisonOptions Options,
    IReadOnlyList<TaskAcquaintance>? Acquaintance,
    IReadOnlyList<FoldRecord> Folds,
    IReadOnlyList<ScorecardRecord> Methods,
    IReadOnlyList<LeftOutMethod> LeftOut,
    ComparisonRun Run
)
{
    public const string Name = "metrics.json";

    /// <summary>Reads the result of the comparison that a folder holds.</summary>
    /// <returns>Null when there is none, or the file is another one.</returns>
    public static ComparisonRecord? TryRead(string folder)
    {
        try
        {
            return JsonFile.Read(Path.Combine(folder, Name), CompareJson.Default.ComparisonRecord);
        }
        catch (Exception exception)
            when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where it does not exist yet.</param>
    public void Write(string path) => JsonFile.Write(path, this, CompareJson.Default.ComparisonRecord);
}
