using System.CommandLine;
using Tsds.Cli.Options;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Commands;

/// <summary>An earlier selection: its manifest, and the job that its options describe.</summary>
internal sealed class RecordedSelection : IDisposable
{
    private readonly string _scratch;

    private RecordedSelection(SelectionManifest manifest, Func<string, SelectionJobOptions> bind)
    {
        Manifest = manifest;
        _scratch = Directory.CreateTempSubdirectory("tsds-again-").FullName;
        try
        {
            Job = bind(Path.Combine(_scratch, "out"));
        }
        catch (ArgumentException)
        {
            Dispose();
            throw;
        }
    }

    public SelectionManifest Manifest { get; }

    /// <summary>Gets the job, with a folder of its own as output, which goes with this.</summary>
    public SelectionJobOptions Job { get; }

    /// <summary>Reads a manifest, and converts its recorded options like those of a command line.</summary>
    /// <param name="path">The folder of the selection, or its manifest.</param>
    /// <param name="root">The folder from which its paths start, or null for the one that tsds runs in.</param>
    /// <param name="options">The options of a selection.</param>
    /// <param name="parse">The command line, whose own options win.</param>
    /// <exception cref="InvalidDataException">There are no options in the manifest.</exception>
    public static RecordedSelection Read(string path, string? root, SelectOptions options, ParseResult parse)
    {
        SelectionManifest manifest = SelectionManifest.Read(path);
        if (manifest.Configuration.Count == 0)
        {
            throw new InvalidDataException(
                $"Expected the options of the selection in the manifest at {path}, found none; it was not "
                    + $"made by 'tsds select', or by another version."
            );
        }

        if (manifest.Configuration.Values.Any(values => values.Contains(RowFiles.StandardInput)))
        {
            throw new InvalidDataException(
                $"Expected files in the manifest at {path}, found that rows came from standard input, which "
                    + $"cannot be read again; select from a file."
            );
        }

        if (root is not null)
        {
            // Paths in a manifest are as they were given: relative to the folder that tsds ran in then.
            Directory.SetCurrentDirectory(root);
        }

        return new RecordedSelection(
            manifest,
            output => SelectBinder.Bind(options, new OptionReader(parse, Values(manifest, options, path, output))).Job
        );
    }

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    private static Dictionary<string, OptionValue> Values(
        SelectionManifest manifest,
        SelectOptions options,
        string path,
        string output
    )
    {
        Dictionary<string, OptionValue> values = new()
        {
            [options.Out.Name] = new OptionValue(options.Out.Name, [output], IsFromFlag: false),
        };
        foreach ((string name, IReadOnlyList<string> items) in manifest.Configuration)
        {
            values["--" + name] = options.Recorded.Any(option => option.Name == "--" + name)
                ? new OptionValue($"{path}: {name}", items, IsFromFlag: false)
                : throw new InvalidDataException(
                    $"Expected options of this version of tsds in the manifest at {path}, found '{name}'."
                );
        }

        return values;
    }
}
