using System.Text.Json.Serialization;

namespace Tsds.Explorer.Security;

/// <summary>Writes errors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ErrorRecord))]
internal sealed partial class SecurityJson : JsonSerializerContext;
