using System.Text.Json.Serialization;

namespace Tsds.Explorer.Wire;

/// <summary>Reads and writes what page and server send each other.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(OpeningRecord))]
[JsonSerializable(typeof(ProjectionRecord))]
[JsonSerializable(typeof(SavingRecord))]
[JsonSerializable(typeof(ViewRecord))]
[JsonSerializable(typeof(RowsRecord))]
[JsonSerializable(typeof(TargetsRecord))]
[JsonSerializable(typeof(RowRecord))]
[JsonSerializable(typeof(TargetRecord))]
[JsonSerializable(typeof(SearchRecord))]
[JsonSerializable(typeof(NearRecord))]
[JsonSerializable(typeof(PlanQuery))]
[JsonSerializable(typeof(PlanAnswer))]
[JsonSerializable(typeof(FolderQuery))]
[JsonSerializable(typeof(CommandRecord))]
[JsonSerializable(typeof(SavedRecord))]
[JsonSerializable(typeof(VerifiedRecord))]
internal sealed partial class ExplorerJson : JsonSerializerContext;
