using System.Text.Json.Serialization;

namespace Tsds.Sources.Tables;

/// <summary>The form of what is known of the parts of a table that were copied.</summary>
[JsonSerializable(typeof(TableChunk))]
internal sealed partial class TableJson : JsonSerializerContext;
