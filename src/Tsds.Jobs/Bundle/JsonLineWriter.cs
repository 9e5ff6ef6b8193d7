using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes JSON objects one per line, UTF-8 without escapes that a reader does not need.</summary>
internal sealed class JsonLineWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _writer;

    public JsonLineWriter(string path)
    {
        _stream = new BufferedStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write), 1 << 16);
        _writer = new Utf8JsonWriter(_stream, Options);
    }

    /// <summary>Writes one object.</summary>
    /// <param name="writeProperties">Writes the properties.</param>
    public void Write(Action<Utf8JsonWriter> writeProperties)
    {
        _writer.WriteStartObject();
        writeProperties(_writer);
        _writer.WriteEndObject();
        _writer.Flush();
        _stream.WriteByte((byte)'\n');
        _writer.Reset();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
    }
}
