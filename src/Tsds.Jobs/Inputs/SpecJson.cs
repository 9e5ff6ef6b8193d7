using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// The form in which a specification is recorded: the options of the command line by their names in camel case, all of
/// them, so that a default that changes one day does not change what is selected again.
/// </summary>
internal static class SpecJson
{
    private const string VersionName = "version";
    private const string OriginName = "origin";

    /// <summary>Writes a specification as an object.</summary>
    public static void Write(Utf8JsonWriter json, SelectionSpec spec) =>
        JsonSerializer.Serialize(json, spec, SpecJsonContext.Default.SelectionSpec);

    /// <summary>Reads a specification.</summary>
    /// <param name="recorded">The object. What it does not say has its default.</param>
    /// <exception cref="JsonException">Something in it is not understood; the message says what.</exception>
    public static SelectionSpec Read(JsonObject recorded)
    {
        if (recorded[VersionName] is JsonValue version && version.GetValue<int>() > SelectionSpec.CurrentVersion)
        {
            throw new JsonException(
                $"expected a specification of version {SelectionSpec.CurrentVersion} or less, found version {version}"
            );
        }

        // The generated reader takes what is missing for null or 0.
        JsonObject complete = Defaults();
        foreach ((string name, JsonNode? value) in recorded)
        {
            complete[name] = value?.DeepClone();
        }

        try
        {
            return complete.Deserialize(SpecJsonContext.Default.SelectionSpec)
                ?? throw new JsonException("expected an object, found null");
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <summary>
    /// Reads the options of a command line, as manifests recorded them before there were specifications.
    /// </summary>
    /// <param name="options">The values by the names of the options, without dashes.</param>
    /// <exception cref="JsonException">Something in it is not understood; the message says what.</exception>
    public static SelectionSpec ReadOptions(IReadOnlyDictionary<string, IReadOnlyList<string>> options)
    {
        JsonObject defaults = Defaults();
        JsonObject recorded = [];
        foreach ((string name, IReadOnlyList<string> values) in options)
        {
            string property = JsonNamingPolicy.CamelCase.ConvertName(
                string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))
            );
            recorded[property] = defaults[property]?.GetValueKind() switch
            {
                JsonValueKind.Array => new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
                JsonValueKind.True or JsonValueKind.False => values is ["true"],
                _ => values[0],
            };
        }

        // What effective neighbors take the place of may have stood in a file that the command line overruled.
        if (recorded.ContainsKey("neighbors"))
        {
            recorded.Remove("alpha");
            recorded.Remove("scale");
        }

        SelectionSpec spec = Read(recorded);
        return recorded["method"] is JsonValue method ? spec with { Method = method.GetValue<string>() } : spec;
    }

    /// <summary>Returns the options of the command line that say the same as a specification.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>The values that are not the defaults, by the names of the options without dashes.</returns>
    public static IEnumerable<(string Name, IReadOnlyList<string> Values)> ToOptions(SelectionSpec spec)
    {
        JsonObject defaults = Defaults();
        foreach ((string property, JsonNode? value) in ToObject(spec))
        {
            if (property is not (VersionName or OriginName) && !JsonNode.DeepEquals(value, defaults[property]))
            {
                string name = JsonNamingPolicy.KebabCaseLower.ConvertName(property);
                yield return (name, value is JsonArray list ? [.. list.Select(Text)] : [Text(value)]);
            }
        }
    }

    private static JsonObject Defaults()
    {
        JsonObject defaults = ToObject(new SelectionSpec { Budget = default });
        defaults.Remove("budget");
        return defaults;
    }

    private static JsonObject ToObject(SelectionSpec spec) =>
        JsonSerializer.SerializeToNode(spec, SpecJsonContext.Default.SelectionSpec)!.AsObject();

    private static string Text(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue(out string? word) ? word : value?.ToJsonString() ?? "";
}
