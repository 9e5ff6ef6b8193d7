using System.Text.Json.Serialization;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Compare;

/// <summary>The source-generated JSON of a comparison.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    Converters = [
        typeof(FiniteNumberConverter),
        typeof(WordConverter<DensityBase>),
        typeof(WordConverter<MetricDirection>),
        typeof(WordConverter<Normalization>),
        typeof(WordConverter<Regularizer>),
        typeof(WordConverter<SamplingMethod>),
    ]
)]
[JsonSerializable(typeof(ComparisonContent))]
[JsonSerializable(typeof(ComparisonRecord))]
[JsonSerializable(typeof(MethodRecord))]
internal sealed partial class CompareJson : JsonSerializerContext;
