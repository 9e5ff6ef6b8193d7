using System.Text.Json;
using System.Text.Json.Serialization;
using Tsds.Data.Embedding;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>
/// The file <c>manifest.json</c> of a vector store: the embedder's identity, and the chunks in the order of the rows.
/// </summary>
internal sealed record StoreManifest
{
    public const string FileName = "manifest.json";

    private static readonly string[] FolderSchemes = ["s3://", "hf://", "https://", "http://"];

    private const string CurrentFormat = "tsds-vector-store";

    /// <summary>The version of the format, raised whenever a file changes its meaning.</summary>
    private const int CurrentVersion = 1;

    /// <summary>Gets the word that tells the file from other manifests.</summary>
    public required string Format { get; init; }

    /// <summary>Gets the version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// Gets a value indicating whether every chunk is listed: false while the first run has not ended.
    /// </summary>
    [JsonPropertyName("complete")]
    public required bool IsComplete { get; init; }

    /// <summary>Gets the embedder as its user named it.</summary>
    [JsonPropertyName("embedder")]
    public required string EmbedderName { get; init; }

    /// <summary>Gets the prefix of the text of a target.</summary>
    public required string QueryPrefix { get; init; }

    /// <summary>Gets the prefix of the text of each row.</summary>
    public required string PassagePrefix { get; init; }

    /// <summary>Gets the embedder's identity for passages.</summary>
    public required string Identity { get; init; }

    /// <summary>Gets the precision of the stored vectors.</summary>
    [JsonPropertyName("store")]
    [JsonConverter(typeof(PrecisionConverter))]
    public required VectorPrecision Precision { get; init; }

    /// <summary>Gets the template of the texts, or null for the whole row.</summary>
    public required string? Template { get; init; }

    /// <summary>Gets the length of each vector; 0 while there is none.</summary>
    public required int Dimension { get; init; }

    /// <summary>Gets the number of vectors.</summary>
    [JsonPropertyName("rows")]
    public long RowCount => Chunks.Sum(chunk => (long)chunk.Rows);

    /// <summary>Gets the chunks.</summary>
    [JsonPropertyName("shards")]
    public required IReadOnlyList<ChunkRecord> Chunks { get; init; }

    /// <summary>Gets the embedder.</summary>
    [JsonIgnore]
    public EmbedderOptions Embedder =>
        new()
        {
            Name = EmbedderName,
            QueryPrefix = QueryPrefix,
            PassagePrefix = PassagePrefix,
        };

    /// <summary>A chunk as the manifest lists it.</summary>
    /// <param name="File">The name of the .npy file.</param>
    /// <param name="Rows">Its rows.</param>
    /// <param name="Texts">The key of its texts.</param>
    /// <param name="Sha256">The hash of the file.</param>
    internal sealed record ChunkRecord(string File, int Rows, string Texts, string Sha256);

    /// <summary>Returns the manifest of a store that has no chunk yet.</summary>
    /// <param name="settings">What decides the bytes of the store.</param>
    /// <param name="identity">The embedder's identity for passages.</param>
    public static StoreManifest Begin(StoreSettings settings, string identity) =>
        new()
        {
            Format = CurrentFormat,
            Version = CurrentVersion,
            IsComplete = false,
            EmbedderName = settings.Embedder.Name,
            QueryPrefix = settings.Embedder.QueryPrefix,
            PassagePrefix = settings.Embedder.PassagePrefix,
            Identity = identity,
            Precision = settings.Precision,
            Template = settings.Template,
            Dimension = 0,
            Chunks = [],
        };

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

    /// <summary>Determines whether an address may be one of a folder: not of a file, a glob or a table.</summary>
    private static bool MayBeFolder(string folder) =>
        !FileSources.IsAddress(folder)
        || (
            FolderSchemes.Any(scheme => folder.StartsWith(scheme, StringComparison.Ordinal))
            && folder.AsSpan().IndexOfAny("*?[#,") < 0
            && Path.GetExtension(folder) is not (".npy" or ".parquet" or ".safetensors" or ".pt")
        );

    /// <summary>Reads the manifest of a folder, or returns null if it has none.</summary>
    /// <returns>The manifest, or null if there is no file of that name.</returns>
    /// <exception cref="InvalidDataException">The file is another one, or damaged.</exception>
    public static StoreManifest? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!MayBeFolder(folder) || !FileSources.Exists(path))
        {
            return null;
        }

        try
        {
            StoreManifest manifest = JsonFile.Read(path, StoreJson.Default.StoreManifest);
            return manifest.IsUsable ? manifest : throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException(
                $"Expected the manifest of a vector store, version {CurrentVersion}, in {path}, found something "
                    + $"else; write it again with 'tsds embed'."
            );
        }
    }

    /// <summary>Writes the manifest atomically.</summary>
    public void Write(string folder)
    {
        AtomicFile.Write(
            Path.Combine(folder, FileName),
            stream => JsonFile.Write(stream, this, StoreJson.Default.StoreManifest)
        );
    }

    /// <summary>
    /// Gets a value indicating whether this is a manifest that this version wrote: a chunk never leaves the folder.
    /// </summary>
    /// <exception cref="ArgumentException">It names no embedder.</exception>
    private bool IsUsable =>
        Format == CurrentFormat
        && Version == CurrentVersion
        && Embedder.Name == EmbedderName
        && Chunks.All(chunk => chunk is not null && Path.GetFileName(chunk.File) == chunk.File);
}
