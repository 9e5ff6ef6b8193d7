using System.Text.Json.Serialization;

namespace Tsds.Pools;

/// <summary>The source-generated JSON of an index.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(IndexHeader))]
internal sealed partial class IndexJson : JsonSerializerContext;
