using System.Text.Json;

namespace Tsds.Pools;

/// <summary><c>index.json</c>: what an index is the index of.</summary>
internal sealed record IndexHeader(
    long Count,
    int Dimension,
    Normalization Normalization,
    double LargestRelativeError,
    string Identity
)
{
    /// <summary>Raised whenever a file means something else than before.</summary>
    public const int Version = 1;

    public const string Name = "index.json";

    private const string Format = "tsds-pool-index";

    public static IndexHeader Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new InvalidDataException(
                $"Expected an index in {folder}, found no {Name}; build one with 'tsds index'."
            );
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = json.RootElement;
            if (root.GetProperty("format").GetString() != Format || root.GetProperty("version").GetInt32() != Version)
            {
                throw new InvalidDataException(
                    $"Expected version {Version} of an index in {path}, found another; build it again with "
                        + $"'tsds index'."
                );
            }

            IndexHeader header = new(
                root.GetProperty("count").GetInt64(),
                root.GetProperty("dimension").GetInt32(),
                Enum.Parse<Normalization>(root.GetProperty("normalization").GetString()!),
                root.GetProperty("largestRelativeError").GetDouble(),
                root.GetProperty("identity").GetString()!
            );
            return header is { Count: > 0, Dimension: > 0, LargestRelativeError: >= 0 }
                ? header
                : throw new FormatException();
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or FormatException
            )
        {
            throw new InvalidDataException(
                $"Expected the header of an index in {path}, found something else; build it again with 'tsds index'."
            );
        }
    }

    public void Write(string folder)
    {
        using FileStream stream = new(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteNumber("count", Count);
        json.WriteNumber("dimension", Dimension);
        json.WriteString("normalization", Normalization.ToString());
        json.WriteNumber("largestRelativeError", LargestRelativeError);
        json.WriteString("identity", Identity);
        json.WriteEndObject();
    }
}
