using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tsds.Data.Datasets;

/// <summary>Reads the configurations of a dataset from the YAML front matter of its <c>README.md</c>.</summary>
internal static class HubReadme
{
    private const int MaxBytes = 4 << 20;
    private const int MaxDepth = 64;

    /// <summary>Reads the configurations.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// The configurations that list their files; none if the file does not begin with YAML or has no <c>configs</c>.
    /// </returns>
    /// <exception cref="InvalidDataException">The YAML is damaged, or a path leaves the folder.</exception>
    public static IReadOnlyList<HubConfig> Read(string path)
    {
        string yaml = FrontMatterOf(path);
        if (yaml.Length == 0)
        {
            return [];
        }

        try
        {
            CheckDepth(yaml);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return
                stream.Documents.Count > 0 && Child(stream.Documents[0].RootNode, "configs") is YamlSequenceNode configs
                ? [.. configs.Select(node => ReadConfig(path, node)).Where(config => config.Splits.Count > 0)]
                : [];
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path}: expected YAML between the lines --- that begin the file, found an error: "
                    + $"{e.Message.TrimEnd('.')}.",
                e
            );
        }
    }

    private static string FrontMatterOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[(int)Math.Min(file.Length, MaxBytes)];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        using var reader = new StreamReader(new MemoryStream(bytes, 0, count), Encoding.UTF8);
        if (reader.ReadLine()?.TrimEnd() != "---")
        {
            return string.Empty;
        }

        var yaml = new StringBuilder();
        while (reader.ReadLine() is { } line)
        {
            if (line.TrimEnd() == "---")
            {
                return yaml.ToString();
            }

            yaml.Append(line).Append('\n');
        }

        // A rule at the top of a page, and no YAML.
        return string.Empty;
    }

    // The loader of nodes calls itself for each level; the parser of events does not.
    private static void CheckDepth(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new YamlException($"it nests deeper than {MaxDepth} levels");
            }
        }
    }

    private static HubConfig ReadConfig(string path, YamlNode node)
    {
        string name = Text(Child(node, "config_name")) ?? "default";
        string folder = Text(Child(node, "data_dir")) ?? string.Empty;
        var splits = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        switch (Child(node, "data_files"))
        {
            case YamlSequenceNode list when list.Any(item => item is YamlMappingNode):
                foreach (YamlNode item in list)
                {
                    Add(Text(Child(item, "split")) ?? DatasetFolder.DefaultSplit, Child(item, "path"));
                }

                break;
            case YamlMappingNode mapping:
                foreach ((YamlNode split, YamlNode files) in mapping)
                {
                    Add(Text(split) ?? DatasetFolder.DefaultSplit, files);
                }

                break;
            case { } files:
                Add(DatasetFolder.DefaultSplit, files);
                break;
        }

        return new HubConfig(name, Text(Child(node, "default")) == "true" || name == "default", splits);

        void Add(string split, YamlNode? files)
        {
            IEnumerable<string> paths =
                files is YamlSequenceNode several ? several.Select(Text).OfType<string>()
                : Text(files) is { } one ? [one]
                : [];
            splits.TryAdd(split, []);
            splits[split]
                .AddRange(
                    paths.Select(file => Check(path, folder.Length == 0 ? file : $"{folder.TrimEnd('/')}/{file}"))
                );
        }
    }

    // A dataset from elsewhere must not point at other files of this machine, nor at another machine.
    private static string Check(string readme, string file) =>
        file.Length > 0
        && !Path.IsPathRooted(file)
        && !file.Contains("://", StringComparison.Ordinal)
        && !file.Split('/', '\\').Contains("..")
            ? file.StartsWith("./", StringComparison.Ordinal)
                ? file[2..]
                : file
            : throw new InvalidDataException($"{readme}: expected data_files inside the folder, found '{file}'.");

    private static YamlNode? Child(YamlNode node, string name) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? child)
            ? child
            : null;

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
