using System.Text.Json.Serialization;

namespace Tsds.Sources.Tables;

/// <summary>Reads and writes, as JSON, which parts of a table were copied.</summary>
[JsonSerializable(typeof(TableChunk))]
internal sealed partial class TableJson : JsonSerializerContext;
