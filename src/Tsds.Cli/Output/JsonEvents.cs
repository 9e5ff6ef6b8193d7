using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Cli.Output;

/// <summary>Writes one JSON object per line: plan, progress, result, error (docs/cli.md).</summary>
internal sealed class JsonEvents(TextWriter output)
{
    // Relaxed: the lines are for programs and logs, never part of a page, and keep letters of every language readable.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns a wall time as events have it.</summary>
    public static double Seconds(TimeSpan elapsed) => Math.Round(elapsed.TotalSeconds, 3);

    /// <summary>Writes an event.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="properties">What is known of it, of one of the types of <see cref="EventJson"/>.</param>
    public void Write(string name, object properties)
    {
        JsonObject line = JsonSerializer
            .SerializeToNode(properties, properties.GetType(), EventJson.Default)!
            .AsObject();
        line.Insert(0, "event", name);
        output.WriteLine(line.ToJsonString(Options));
        output.Flush();
    }
}
