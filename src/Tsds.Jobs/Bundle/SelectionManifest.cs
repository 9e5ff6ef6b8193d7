using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Bundle;

/// <summary>The manifest of an earlier selection, as read from its file.</summary>
public sealed class SelectionManifest
{
    private SelectionManifest(string folder, JsonObject root)
    {
        Folder = folder;
        Root = root;
        Record = root.Deserialize(BundleJson.Default.ManifestRecord)!;
    }

    /// <summary>Gets the folder of the selection.</summary>
    public string Folder { get; }

    /// <summary>
    /// Gets the options as they were given, by their names; empty for a selection that was not made on the command
    /// line.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Configuration =>
        Record.Run?.Configuration ?? new OrderedDictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets the name of the method that selected.</summary>
    public string Method => Record.Options?.Method ?? SelectionMethods.Default;

    /// <summary>Gets the input files with their hashes.</summary>
    internal IReadOnlyList<(string Path, string Sha256)> Inputs =>
        [.. Record.Inputs?.All.Select(file => (file.Path, file.Sha256)) ?? []];

    /// <summary>Gets the files of the selection, the manifest excepted, with their hashes.</summary>
    internal IReadOnlyList<(string Name, string Sha256)> Outputs =>
        [.. Record.Outputs?.Select(file => (file.Name, file.Sha256)) ?? []];

    /// <summary>Gets the content of the file.</summary>
    internal ManifestRecord Record { get; }

    /// <summary>Gets the file as it was written, also by another version.</summary>
    internal JsonObject Root { get; }

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The folder of a selection, or its manifest.json.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">The file is not a manifest.</exception>
    public static SelectionManifest Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, SelectionFiles.Manifest) : path);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(
                $"Expected the folder of a selection, or its manifest.json, at {path}, found none."
            );
        }

        try
        {
            return new SelectionManifest(
                Path.GetDirectoryName(file)!,
                JsonNode.Parse(File.ReadAllBytes(file))!.AsObject()
            );
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or NullReferenceException
                        or ArgumentException
            )
        {
            throw new InvalidDataException(
                $"Expected a manifest of tsds at {path}, found something else; select again to get one."
            );
        }
    }
}
