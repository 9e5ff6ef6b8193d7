using System.Text.Json.Serialization;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// <c>manifest.json</c>: what went in, what was asked, what was solved if anything was, what came out. All but
/// <c>run</c> repeats exactly.
/// </summary>
/// <param name="Tool">The program.</param>
/// <param name="Spec">What was asked for; null in an older manifest.</param>
/// <param name="Inputs">The input files.</param>
/// <param name="Embedding">Where the embeddings come from.</param>
/// <param name="Sieve">What the sieve did; null if there was none, or it left all rows.</param>
/// <param name="Options">The options in effect.</param>
/// <param name="Solution">The plan; null if a method without one selected.</param>
/// <param name="Selection">What came out.</param>
/// <param name="Outputs">The other files of the selection; null before they are written.</param>
/// <param name="Run">What may differ between two runs; null before the end.</param>
internal sealed record ManifestRecord(
    ToolRecord? Tool,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: JsonConverter(typeof(SelectionSpecConverter))]
        SelectionSpec? Spec,
    ManifestInputs? Inputs,
    EmbeddingRecord? Embedding,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SieveResult? Sieve,
    ManifestOptions? Options,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SolutionRecord? Solution,
    SelectionRecord? Selection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<OutputRecord>? Outputs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ManifestRun? Run
);
