using System.Text.Json;
using Tsds.Data.Files;

namespace Tsds.Cli.Output;

/// <summary>What a program reads on one line (docs/cli.md); these two come from every command.</summary>
/// <param name="Name">What happened.</param>
/// <param name="WriteProperties">Writes what is known of it.</param>
internal sealed record JsonEvent(string Name, Action<Utf8JsonWriter> WriteProperties)
{
    public static JsonEvent Progress(string stage, long done, long? total, TimeSpan elapsed) =>
        new(
            "progress",
            json =>
            {
                json.WriteString("stage", stage);
                json.WriteNumber("done", done);
                json.WriteFinite("total", total);
                json.WriteNumber("stageSeconds", Math.Round(elapsed.TotalSeconds, 3));
            }
        );

    public static JsonEvent Error(string message, int exitCode) =>
        new(
            "error",
            json =>
            {
                json.WriteString("message", message);
                json.WriteNumber("exitCode", exitCode);
            }
        );
}
