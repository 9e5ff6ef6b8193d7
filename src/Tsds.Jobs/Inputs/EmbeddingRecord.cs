using System.Text.Json;
using Tsds.Data.Files;

namespace Tsds.Jobs.Inputs;

/// <summary>Where the embeddings come from.</summary>
/// <param name="Embedder">The embedder as its user named it, or "vectors" for ready-made ones.</param>
/// <param name="Version">The built-in embedder's version, which changes whenever its values do; else null.</param>
/// <param name="Identity">What tells the embedder from every other that would give other vectors; null for ready-made
/// ones.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="Normalization">What was done to each.</param>
/// <param name="Template">The template of the text, or null for the whole row in role order or for vectors.</param>
/// <param name="SampleRows">Rows that the built-in embedder was fitted on; else null.</param>
internal sealed record EmbeddingRecord(
    string Embedder,
    string? Version,
    string? Identity,
    int Dimension,
    Normalization Normalization,
    string? Template,
    int? SampleRows
)
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

        if (Identity is not null)
        {
            json.WriteString("identity", Identity);
        }

        json.WriteNumber("dimension", Dimension);
        json.WriteString("normalize", OptionNames.Of(Normalization));
        json.WriteString("template", Template);
        json.WriteEndObject();
    }
}
