using System.Text.Json.Nodes;

namespace Tsds.Cli.Agents;

/// <summary>Something that a tool of an agent takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Option">The option of the command that it becomes; empty for an argument.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Description">What it means.</param>
internal sealed record AgentParameter(string Name, string Option, ParameterKind Kind, string Description)
{
    /// <summary>Gets a value indicating whether the tool cannot do without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Gets the words that it may be, or none if any will do.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Returns the JSON schema of a value.</summary>
    public JsonObject Schema()
    {
        JsonObject schema = Kind switch
        {
            ParameterKind.Paths => new()
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
                ["minItems"] = 1,
            },
            ParameterKind.Flag => new() { ["type"] = "boolean" },
            ParameterKind.Number => new() { ["type"] = new JsonArray("number", "string") },
            _ => new() { ["type"] = "string" },
        };
        schema["description"] = Description;
        if (Words.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Words.Select(word => (JsonNode)word)]);
        }

        return schema;
    }
}
