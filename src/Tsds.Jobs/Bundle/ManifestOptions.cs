using System.Text.Json.Serialization;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The options of a selection in a manifest, with the values that were chosen automatically.</summary>
/// <param name="Method">The method that selected.</param>
/// <param name="Budget">The budget as the user gave it.</param>
/// <param name="Normalization">What was done to each embedding.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Template">The template of the text that is embedded, or null.</param>
/// <param name="TextField">The field of the text, or null.</param>
/// <param name="Schema">The schema of all rows, or null.</param>
/// <param name="OnBadRow">What happened on a row that could not be used.</param>
/// <param name="ExcludeDistance">The distance up to which a candidate is near a given row.</param>
/// <param name="Regularizer">What the plan was kept near to; null without a plan.</param>
/// <param name="Alpha">Alpha as used; null without a plan.</param>
/// <param name="Scale">The distance scale as used; null without a plan.</param>
/// <param name="Relevance">The weight of relevance as used; null without a plan.</param>
/// <param name="Center">Whether directions were compared from the pool's mean; null without a plan.</param>
/// <param name="Copies">What rows that are the same count as; null without a plan.</param>
/// <param name="Bandwidth">The bandwidth as used.</param>
/// <param name="DensityBase">What densities were measured against; null without a plan.</param>
/// <param name="Neighbors">The effective neighbors asked for, or null; missing without a plan.</param>
/// <param name="Sampling">How rows were drawn; null without a plan.</param>
/// <param name="Count">Which tokens were counted; null without a plan.</param>
/// <param name="Automatic">The options whose values the data chose.</param>
internal sealed record ManifestOptions(
    string? Method,
    string Budget,
    [property: JsonPropertyName("normalize")] Normalization Normalization,
    ulong Seed,
    string? Template,
    string? TextField,
    string? Schema,
    BadRowPolicy OnBadRow,
    double ExcludeDistance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Regularizer? Regularizer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Alpha,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Scale,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Relevance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Center,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CopyPolicy? Copies,
    double Bandwidth,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DensityBase? DensityBase,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [property: JsonConverter(typeof(OptionalConverter<double?>))]
        Optional<double?> Neighbors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SamplingMethod? Sampling,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenCount? Count,
    IReadOnlyList<string> Automatic
);
