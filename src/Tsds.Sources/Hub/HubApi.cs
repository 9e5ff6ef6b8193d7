using System.Text.Json.Serialization;

namespace Tsds.Sources.Hub;

/// <summary>Reads the answers of the hub from JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubRevision))]
[JsonSerializable(typeof(IReadOnlyList<HubEntry>))]
internal sealed partial class HubApi : JsonSerializerContext;
