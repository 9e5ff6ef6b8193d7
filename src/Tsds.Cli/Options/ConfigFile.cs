using System.CommandLine;
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

        foreach ((YamlNode key, YamlNode value) in RecordedIn(mapping) ?? mapping)
        {
            Option option = FindOption(path, key, options);
            values[option.Name] = ReadValue(path, option, value);
        }

        return values;
    }

    /// <summary>
    /// Returns the options in a manifest, or null. A manifest can be read as YAML because JSON is a subset.
    /// </summary>
    private static YamlMappingNode? RecordedIn(YamlMappingNode file) =>
        file.Children.TryGetValue("run", out YamlNode? run)
        && run is YamlMappingNode { Children: { } children }
        && children.TryGetValue("configuration", out YamlNode? options)
            ? options as YamlMappingNode
            : null;

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
            throw new InvalidDataException($"{path}, line {exception.Start.Line}: {exception.Message}", exception);
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
        return index >= 0
            ? options[index]
            : throw Error(path, key, $"unknown key '{name}'", NearestNames.Hint(name, known));
    }

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
