using System.Text.Json;

namespace Tsds.Data.Output;

/// <summary>Where the embeddings come from.</summary>
/// <param name="Embedder">"lexical", or "vectors" for ready-made ones.</param>
/// <param name="Version">The embedder's version, which changes whenever its values do; null for vectors.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="Normalization">What was done to each.</param>
/// <param name="Template">The template of the text, or null for the whole row in role order or for vectors.</param>
/// <param name="SampleRows">Rows that the embedder was fitted on, or null for vectors.</param>
internal sealed record EmbeddingRecord(
    string Embedder, string? Version, int Dimension, Normalization Normalization, string? Template, int? SampleRows)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("embedding");
        json.WriteString("embedder", Embedder);
        if (Version is not null)
        {
            json.WriteString("version", Version);
            json.WriteFinite("sampleRows", SampleRows);
        }

        json.WriteNumber("dimension", Dimension);
        json.WriteString("normalize", OptionNames.Of(Normalization));
        json.WriteString("template", Template);
        json.WriteEndObject();
    }
}
