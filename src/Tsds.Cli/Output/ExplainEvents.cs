using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Cli.Output;

/// <summary>The event of <c>tsds explain</c>.</summary>
internal static class ExplainEvents
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Returns the properties of an explanation.</summary>
    public static JsonEvent Result(object explanation) =>
        new(
            "result",
            json =>
            {
                foreach (
                    (string name, JsonNode? value) in JsonSerializer
                        .SerializeToNode(explanation, explanation.GetType(), Options)!
                        .AsObject()
                )
                {
                    json.WritePropertyName(name);
                    if (value is null)
                    {
                        json.WriteNullValue();
                    }
                    else
                    {
                        value.WriteTo(json);
                    }
                }
            }
        );
}
