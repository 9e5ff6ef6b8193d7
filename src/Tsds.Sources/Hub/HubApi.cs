using System.Text.Json.Serialization;

namespace Tsds.Sources.Hub;

/// <summary>The answers of the hub's API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubRevision))]
[JsonSerializable(typeof(IReadOnlyList<HubEntry>))]
internal sealed partial class HubApi : JsonSerializerContext;
