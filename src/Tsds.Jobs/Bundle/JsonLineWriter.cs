using System.Text.Json.Serialization.Metadata;
using Tsds.Data.Files;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes records as JSON, one on each line of a new file.</summary>
/// <typeparam name="T">The records.</typeparam>
/// <param name="path">The file, which must not exist.</param>
/// <param name="type">How a record is written.</param>
internal sealed class JsonLineWriter<T>(string path, JsonTypeInfo<T> type) : IDisposable
{
    private readonly BufferedStream _stream = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write), 1 << 16);

    /// <summary>Writes a record.</summary>
    public void Write(T record)
    {
        JsonFile.Write(_stream, record, type, isIndented: false);
        _stream.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Writes all lines of a file.</summary>
    public static void WriteAll(string path, JsonTypeInfo<T> type, IEnumerable<T> records)
    {
        using JsonLineWriter<T> writer = new(path, type);
        foreach (T record in records)
        {
            writer.Write(record);
        }
    }
}
