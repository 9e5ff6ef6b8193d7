using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tsds.Cli.Output;

/// <summary>Writes one JSON object per line: plan, progress, result, error (docs/cli.md).</summary>
internal sealed class JsonEvents(TextWriter output)
{
    // Relaxed: the lines are for programs and logs, never part of a page, and keep letters of every language readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(JsonEvent line)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("event", line.Name);
            line.WriteProperties(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Flush();
    }
}
