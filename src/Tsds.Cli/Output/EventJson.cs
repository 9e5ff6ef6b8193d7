using System.Text.Json.Serialization;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Explain;
using Tsds.Jobs.Select;

namespace Tsds.Cli.Output;

/// <summary>The source-generated JSON of the events of <c>--json</c>; docs/cli.md describes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberConverter)]
)]
[JsonSerializable(typeof(CacheEvent))]
[JsonSerializable(typeof(ClearedEvent))]
[JsonSerializable(typeof(ClusterEvent))]
[JsonSerializable(typeof(CompareResult))]
[JsonSerializable(typeof(EmbedEstimate))]
[JsonSerializable(typeof(EmbedResult))]
[JsonSerializable(typeof(ErrorEvent))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(FileEvent))]
[JsonSerializable(typeof(IndexResult))]
[JsonSerializable(typeof(InspectResult))]
[JsonSerializable(typeof(ListeningEvent))]
[JsonSerializable(typeof(MarkedResult))]
[JsonSerializable(typeof(MethodEvent))]
[JsonSerializable(typeof(PartsEvent))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(RowExplanation))]
[JsonSerializable(typeof(SelectionEstimate))]
[JsonSerializable(typeof(SelectResult))]
[JsonSerializable(typeof(ShardResult))]
[JsonSerializable(typeof(TargetExplanation))]
[JsonSerializable(typeof(VerifyResult))]
internal sealed partial class EventJson : JsonSerializerContext;
