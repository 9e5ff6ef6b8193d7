using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Pools;

/// <summary>The content of <c>index.json</c>, which identifies the pool of an index.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Dimension">The length of each embedding.</param>
/// <param name="Normalization">What was done to each embedding.</param>
/// <param name="LargestRelativeError">The largest error of a compressed row, relative to its length.</param>
/// <param name="Identity">What tells the pool from every other.</param>
internal sealed record IndexHeader(
    long Count,
    int Dimension,
    [property: JsonConverter(typeof(JsonStringEnumConverter<Normalization>))] Normalization Normalization,
    double LargestRelativeError,
    string Identity
)
{
    public const string Name = "index.json";

    private const string CurrentFormat = "tsds-pool-index";

    /// <summary>The version of the format, raised whenever a file changes its meaning.</summary>
    private const int CurrentVersion = 1;

    /// <summary>Gets the word that tells the file from others.</summary>
    [JsonPropertyOrder(-2)]
    public string? Format { get; init; } = CurrentFormat;

    /// <summary>Gets the version of the format.</summary>
    [JsonPropertyOrder(-1)]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Reads the header of an index.</summary>
    /// <param name="folder">The folder of the index.</param>
    /// <exception cref="InvalidDataException">There is none, or it is another file or of another version.</exception>
    public static IndexHeader Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new InvalidDataException(
                $"Expected an index in {folder}, found no {Name}; build one with 'tsds index'."
            );
        }

        IndexHeader? header;
        try
        {
            header = JsonSerializer.Deserialize(File.ReadAllBytes(path), IndexJson.Default.IndexHeader);
        }
        catch (JsonException)
        {
            header = null;
        }

        if (header is { Format: not null } && (header.Format != CurrentFormat || header.Version != CurrentVersion))
        {
            throw new InvalidDataException(
                $"Expected version {CurrentVersion} of an index in {path}, found another; build it again with "
                    + $"'tsds index'."
            );
        }

        return
            header is { Format: not null, Count: > 0, Dimension: > 0, LargestRelativeError: >= 0, Identity: not null }
            ? header
            : throw new InvalidDataException(
                $"Expected the header of an index in {path}, found something else; build it again with 'tsds index'."
            );
    }

    /// <summary>Writes the header of an index that is being built.</summary>
    /// <param name="folder">The folder of the index.</param>
    public void Write(string folder)
    {
        using FileStream stream = new(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(stream, this, IndexJson.Default.IndexHeader);
    }
}
