using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Bundle;

/// <summary>The manifest of a selection that was made before.</summary>
public sealed class SelectionManifest
{
    private static readonly string[] InputNames =
    [
        "pool",
        "targets",
        "poolVectors",
        "targetVectors",
        "exclude",
        "excludeVectors",
        "keep",
        "keepVectors",
        "tokenizer",
    ];

    private SelectionManifest(string folder, JsonObject root)
    {
        Folder = folder;
        Root = root;
        Configuration = ReadConfiguration(root);
        Inputs = [.. InputNames.SelectMany(name => ReadFiles(root["inputs"]?[name], "path"))];
        Outputs = [.. ReadFiles(root["outputs"], "name")];
    }

    /// <summary>Gets the folder of the selection.</summary>
    public string Folder { get; }

    /// <summary>
    /// Gets the options as they were given, by their names; empty for a selection that was not made on the command
    /// line.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Configuration { get; }

    /// <summary>Gets the name of the method that selected.</summary>
    public string Method => Root["options"]?["method"]?.GetValue<string>() ?? SelectionMethods.Default;

    /// <summary>Gets the input files with their hashes.</summary>
    internal IReadOnlyList<(string Path, string Sha256)> Inputs { get; }

    /// <summary>Gets the files of the selection, the manifest excepted, with their hashes.</summary>
    internal IReadOnlyList<(string Name, string Sha256)> Outputs { get; }

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

    private static Dictionary<string, IReadOnlyList<string>> ReadConfiguration(JsonObject root)
    {
        Dictionary<string, IReadOnlyList<string>> configuration = [];
        foreach ((string name, JsonNode? values) in root["run"]?["configuration"]?.AsObject() ?? [])
        {
            configuration[name] = values is JsonArray list
                ? [.. list.Select(value => value!.GetValue<string>())]
                : [values!.GetValue<string>()];
        }

        return configuration;
    }

    private static IEnumerable<(string Name, string Sha256)> ReadFiles(JsonNode? files, string name) =>
        files is JsonArray list
            ? list.Select(file => (file![name]!.GetValue<string>(), file["sha256"]!.GetValue<string>()))
            : [];
}
