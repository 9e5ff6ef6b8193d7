using System.Text.Json.Serialization;

namespace Tsds.Data.Store;

/// <summary>The source-generated JSON of a vector store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(StoreManifest))]
internal sealed partial class StoreJson : JsonSerializerContext;
