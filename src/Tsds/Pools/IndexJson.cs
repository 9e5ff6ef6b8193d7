using System.Text.Json.Serialization;

namespace Tsds.Pools;

/// <summary>How the JSON of an index is written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(IndexHeader))]
internal sealed partial class IndexJson : JsonSerializerContext;
