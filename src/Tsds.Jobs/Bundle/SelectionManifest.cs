using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The manifest of an earlier selection, as read from its file.</summary>
internal sealed class SelectionManifest
{
    private SelectionManifest(string folder, JsonObject root)
    {
        Folder = folder;
        Root = root;
        Record = root.Deserialize(BundleJson.Default.ManifestRecord)!;
        if (Record is { Spec: null, Inputs: null, Options: null, Selection: null })
        {
            throw new FormatException("Nothing in the file is a manifest's.");
        }

        Spec = Record.Spec ?? ReadOptions(Record.Run?.Configuration);
    }

    /// <summary>Gets the folder of the selection.</summary>
    public string Folder { get; }

    /// <summary>
    /// Gets the specification from which the same can be selected again; null in an older manifest of a selection that
    /// was not made on the command line.
    /// </summary>
    public SelectionSpec? Spec { get; }

    /// <summary>Gets the name of the method that selected.</summary>
    public string Method => Record.Options?.Method ?? SelectionMethods.Default;

    /// <summary>Gets the input files with their hashes.</summary>
    internal IReadOnlyList<(string Path, string Sha256, string? Version)> Inputs =>
        [.. Record.Inputs?.All.Select(file => (file.Path, file.Sha256, file.Version)) ?? []];

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

        JsonObject? root = null;
        try
        {
            root = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
            return new SelectionManifest(Path.GetDirectoryName(file)!, root);
        }
        catch (JsonException exception) when (root?["spec"] is not null)
        {
            throw new InvalidDataException(
                $"Expected a manifest that this version of tsds understands at {path}, found another one: "
                    + $"{exception.Message.TrimEnd('.')}; select again to get one.",
                exception
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
                $"Expected a manifest of tsds at {file}, found something else; select again to get one."
            );
        }
    }

    /// <summary>
    /// Reads the options of the command line, which older manifests hold as they were given. What there was no option
    /// for was not done, and the lexical embedder was the default.
    /// </summary>
    private static SelectionSpec? ReadOptions(OrderedDictionary<string, IReadOnlyList<string>>? options)
    {
        if (options is not { Count: > 0 })
        {
            return null;
        }

        Dictionary<string, IReadOnlyList<string>> complete = new(StringComparer.Ordinal)
        {
            ["relevance"] = ["0"],
            ["center"] = ["off"],
            ["copies"] = ["keep"],
        };
        if (!options.ContainsKey("pool-vectors"))
        {
            complete["embedder"] = ["lexical"];
        }

        foreach ((string name, IReadOnlyList<string> values) in options)
        {
            complete[name] = values;
        }

        return SpecJson.ReadOptions(complete);
    }
}
