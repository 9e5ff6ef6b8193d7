using System.CommandLine;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tsds.Cli.Options;

/// <summary>
/// Reads options from a YAML file, a mapping from option names without dashes, or from a manifest, which contains such
/// a mapping.
/// </summary>
internal static class ConfigFile
{
    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file; its name is part of every error.</param>
    /// <param name="options">The options that may occur in it.</param>
    /// <returns>The values by option name, dashes included.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not such a mapping; the message names the line.</exception>
    public static IReadOnlyDictionary<string, OptionValue> Read(string path, IReadOnlyList<Option> options)
    {
        using StreamReader reader = OpenFile(path);
        Dictionary<string, OptionValue> values = [];
        if (Load(reader, path) is not { } root)
        {
            return values;
        }

        if (root is not YamlMappingNode mapping)
        {
            throw Error(path, root, "expected 'name: value' lines, found " + Describe(root));
        }

        if (IsManifest(mapping))
        {
            return OfManifest(path, options);
        }

        foreach ((YamlNode key, YamlNode value) in mapping)
        {
            Option option = FindOption(path, key, options);
            values[option.Name] = ReadValue(path, option, value);
        }

        return values;
    }

    /// <summary>
    /// Determines whether a file is a manifest: JSON is a subset of YAML, and no option has these names.
    /// </summary>
    private static bool IsManifest(YamlMappingNode file) =>
        file.Children.ContainsKey("run") || file.Children.ContainsKey("spec");

    private static Dictionary<string, OptionValue> OfManifest(string path, IReadOnlyList<Option> options)
    {
        SelectionSpec spec =
            SelectionManifest.Read(path).Spec
            ?? throw new InvalidDataException(
                $"{path}: expected the options of a selection in the manifest, found none; select again to get them."
            );
        Dictionary<string, OptionValue> values = [];
        foreach ((string name, IReadOnlyList<string> items) in SpecJson.ToOptions(spec))
        {
            Option option =
                options.FirstOrDefault(option => option.Name == "--" + name)
                ?? throw new InvalidDataException($"{path}: the command has no option '--{name}'.");
            values[option.Name] = new OptionValue($"{path}: {name}", items, IsFromFlag: false);
        }

        return values;
    }

    private static StreamReader OpenFile(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"--config: the file '{path}' does not exist.", path, exception);
        }
    }

    private static YamlNode? Load(StreamReader reader, string path)
    {
        Parser parser = new(reader);
        YamlStream stream = [];
        try
        {
            stream.Load(parser);
        }
        catch (YamlException exception)
        {
            throw new InvalidDataException(
                $"{path}, line {exception.Start.Line}: expected YAML of 'name: value' lines, each name once, found "
                    + "something else; a value with ': ', '#' or a quotation mark belongs in quotation marks.",
                exception
            );
        }
        catch (InvalidOperationException exception)
        {
            // YamlDotNet's scanner throws this for a flow sequence or mapping that is not closed.
            throw new InvalidDataException(
                $"{path}, line {parser.Current?.End.Line ?? 1}: not valid YAML; is a bracket not closed?",
                exception
            );
        }

        return stream.Documents.Count switch
        {
            0 => null,
            1 => stream.Documents[0].RootNode,
            _ => throw Error(path, stream.Documents[1].RootNode, "expected one YAML document, found a second one"),
        };
    }

    private static Option FindOption(string path, YamlNode key, IReadOnlyList<Option> options)
    {
        if (key is not YamlScalarNode { Value: { } name })
        {
            throw Error(path, key, "expected an option's name, found " + Describe(key));
        }

        string[] known = [.. options.Select(option => option.Name.TrimStart('-'))];
        int index = Array.IndexOf(known, name);
        return index >= 0 ? options[index] : throw Unknown(path, key, name, known);
    }

    private static InvalidDataException Unknown(string path, YamlNode key, string name, string[] known) =>
        NearestNames.Hint(name, known) is { Length: > 0 } hint
            ? Error(path, key, $"unknown key '{name}'", hint)
            : Error(
                path,
                key,
                $"expected an option of the command without its dashes, such as 'budget: 5%', found '{name}'"
            );

    private static OptionValue ReadValue(string path, Option option, YamlNode value)
    {
        string name = option.Name.TrimStart('-');
        List<string> items = value switch
        {
            YamlScalarNode scalar => [Scalar(path, name, scalar)],
            YamlSequenceNode sequence => [.. sequence.Select(item => Scalar(path, name, item))],
            _ => throw Error(path, value, $"{name}: expected a value, found {Describe(value)}"),
        };
        OptionValue result = new($"{path}, line {value.Start.Line}: {name}", items, IsFromFlag: false);
        if (option is Option<bool>)
        {
            return items is ["true" or "false"]
                ? result
                : throw Error(path, value, $"{name}: expected true or false, found {Describe(value)}");
        }

        bool takesMany = option.AllowMultipleArgumentsPerToken;
        return items.Count == 1 || (takesMany && items.Count > 0)
            ? result
            : throw Error(
                path,
                value,
                $"{name}: expected {(takesMany ? "at least one value" : "one value")}, found {Describe(value)}"
            );
    }

    private static string Scalar(string path, string name, YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } text }
            ? text
            : throw Error(path, node, $"{name}: expected a value, found {Describe(node)}");

    private static string Describe(YamlNode node) =>
        node switch
        {
            YamlScalarNode { Value: { Length: > 0 } text } => $"'{text}'",
            YamlScalarNode => "nothing",
            YamlSequenceNode sequence => $"a list of {sequence.Children.Count}",
            _ => "a mapping",
        };

    private static InvalidDataException Error(string path, YamlNode node, string problem, string hint = "") =>
        new($"{path}, line {node.Start.Line}: {problem}.{hint}");
}
