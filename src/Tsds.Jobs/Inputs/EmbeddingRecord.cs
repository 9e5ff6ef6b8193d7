using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>The origin of the embeddings, as written to files.</summary>
/// <param name="Embedder">The embedder as its user named it, or "vectors" for ready-made ones.</param>
/// <param name="Version">The built-in embedder's version, which changes whenever its values do; else null.</param>
/// <param name="SampleRows">Rows that the built-in embedder was fitted on; else null.</param>
/// <param name="Identity">What tells the embedder from every other that would give other vectors; null for ready-made
/// ones.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="Normalization">What was done to each.</param>
/// <param name="Template">The template of the text, or null for the whole row in role order or for vectors.</param>
internal sealed record EmbeddingRecord(
    string Embedder,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? SampleRows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Identity,
    int Dimension,
    [property: JsonPropertyName("normalize")] Normalization Normalization,
    string? Template
);
