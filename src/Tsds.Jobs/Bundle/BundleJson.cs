using System.Text.Json.Serialization;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The source-generated JSON of a selection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    Converters = [
        typeof(FiniteNumberConverter),
        typeof(WordConverter<BadRowPolicy>),
        typeof(WordConverter<CopyPolicy>),
        typeof(WordConverter<DensityBase>),
        typeof(WordConverter<Normalization>),
        typeof(WordConverter<Regularizer>),
        typeof(WordConverter<SamplingMethod>),
        typeof(WordConverter<TokenCount>),
        typeof(WordListConverter),
    ]
)]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(DuplicateGroup))]
[JsonSerializable(typeof(ExcludedRecord))]
[JsonSerializable(typeof(LineageRecord))]
[JsonSerializable(typeof(ManifestRecord))]
[JsonSerializable(typeof(SelectedRows))]
[JsonSerializable(typeof(TargetRecord))]
internal sealed partial class BundleJson : JsonSerializerContext;
