using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Holds the generated code that reads and writes a specification.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    WriteIndented = true
)]
[JsonSerializable(typeof(SelectionSpec))]
internal sealed partial class SpecJsonContext : JsonSerializerContext;
