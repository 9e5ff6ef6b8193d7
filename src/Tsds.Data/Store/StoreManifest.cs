using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Embedding;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>
/// The file <c>manifest.json</c> of a vector store: the embedder's identity, and the chunks in the order of the rows.
/// </summary>
/// <param name="IsComplete">False while the first run has not ended.</param>
/// <param name="Embedder">The embedder as its user named it.</param>
/// <param name="Identity">The embedder's identity for passages.</param>
/// <param name="Precision">How vectors are stored.</param>
/// <param name="Template">The template of the texts, or null for the whole row.</param>
/// <param name="Dimension">The length of each vector; 0 while there is none.</param>
/// <param name="Chunks">The chunks.</param>
internal sealed record StoreManifest(
    bool IsComplete,
    EmbedderOptions Embedder,
    string Identity,
    VectorPrecision Precision,
    string? Template,
    int Dimension,
    IReadOnlyList<StoreManifest.ChunkRecord> Chunks
)
{
    public const string FileName = "manifest.json";

    private const string Format = "tsds-vector-store";

    /// <summary>The version of the format, raised whenever a file changes its meaning.</summary>
    private const int Version = 1;

    /// <summary>A chunk as the manifest lists it.</summary>
    /// <param name="File">The name of the .npy file.</param>
    /// <param name="Rows">Its rows.</param>
    /// <param name="Texts">The key of its texts.</param>
    /// <param name="Sha256">The hash of the file.</param>
    internal sealed record ChunkRecord(string File, int Rows, string Texts, string Sha256);

    /// <summary>Determines whether a folder is a vector store.</summary>
    public static bool IsIn(string folder)
    {
        try
        {
            return TryRead(folder) is not null;
        }
        catch (InvalidDataException)
        {
            // A manifest of something else, of a selection for instance.
            return false;
        }
    }

    /// <summary>Reads the manifest of a folder, or returns null if it has none.</summary>
    /// <returns>The manifest, or null where there is no file of that name.</returns>
    /// <exception cref="InvalidDataException">The file is another one, or damaged.</exception>
    public static StoreManifest? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = json.RootElement;
            return root.GetProperty("format").GetString() == Format && root.GetProperty("version").GetInt32() == Version
                ? Parse(root)
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
                $"Expected the manifest of a vector store, version {Version}, in {path}, found something "
                    + $"else; write it again with 'tsds embed'."
            );
        }
    }

    /// <summary>Writes the manifest atomically.</summary>
    public void Write(string folder)
    {
        string path = Path.Combine(folder, FileName);
        JsonWriterOptions options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        AtomicFile.Write(
            path,
            stream =>
            {
                using Utf8JsonWriter json = new(stream, options);
                json.WriteStartObject();
                json.WriteString("format", Format);
                json.WriteNumber("version", Version);
                json.WriteBoolean("complete", IsComplete);
                json.WriteString("embedder", Embedder.Name);
                json.WriteString("queryPrefix", Embedder.QueryPrefix);
                json.WriteString("passagePrefix", Embedder.PassagePrefix);
                json.WriteString("identity", Identity);
                json.WriteString("store", PrecisionName.Of(Precision));
                json.WriteString("template", Template);
                json.WriteNumber("dimension", Dimension);
                json.WriteNumber("rows", Chunks.Sum(chunk => (long)chunk.Rows));
                json.WriteObjects(
                    "shards",
                    Chunks,
                    chunk =>
                    {
                        json.WriteString("file", chunk.File);
                        json.WriteNumber("rows", chunk.Rows);
                        json.WriteString("texts", chunk.Texts);
                        json.WriteString("sha256", chunk.Sha256);
                    }
                );
                json.WriteEndObject();
            }
        );
    }

    private static StoreManifest Parse(JsonElement root) =>
        new(
            root.GetProperty("complete").GetBoolean(),
            new EmbedderOptions
            {
                Name = root.GetProperty("embedder").GetString()!,
                QueryPrefix = root.GetProperty("queryPrefix").GetString()!,
                PassagePrefix = root.GetProperty("passagePrefix").GetString()!,
            },
            root.GetProperty("identity").GetString() ?? throw new FormatException(),
            root.GetProperty("store").GetString() == PrecisionName.Of(VectorPrecision.Half)
                ? VectorPrecision.Half
                : VectorPrecision.Full,
            root.GetProperty("template").GetString(),
            root.GetProperty("dimension").GetInt32(),
            [.. root.GetProperty("shards").EnumerateArray().Select(ParseChunk)]
        );

    private static ChunkRecord ParseChunk(JsonElement chunk)
    {
        string file = chunk.GetProperty("file").GetString() ?? throw new FormatException();
        return Path.GetFileName(file) == file
            ? new ChunkRecord(
                file,
                chunk.GetProperty("rows").GetInt32(),
                chunk.GetProperty("texts").GetString() ?? throw new FormatException(),
                chunk.GetProperty("sha256").GetString() ?? throw new FormatException()
            )
            : throw new FormatException();
    }
}
