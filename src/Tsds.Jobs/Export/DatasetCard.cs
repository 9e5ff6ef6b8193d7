using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParquetSharp;
using ParquetSharp.Schema;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Export;

/// <summary>
/// The card of a dataset on the hub, and its metadata in the Croissant format: where the rows are from, how they were
/// chosen, and what is proven about it.
/// </summary>
internal sealed class DatasetCard
{
    private const string HubScheme = "hf://datasets/";
    private const int MostSources = 50;

    // What the rows are taken from.
    private static readonly string[] Inputs = ["pool", "keep"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _id;
    private readonly long _rows;
    private readonly JsonObject _manifest;
    private readonly IReadOnlyList<CardSource> _sources;

    private DatasetCard(string id, long rows, JsonObject manifest, IReadOnlyList<CardSource> sources)
    {
        (_id, _rows, _manifest, _sources) = (id, rows, manifest, sources);
    }

    private string Url => $"https://huggingface.co/datasets/{_id}";

    /// <summary>Gets the licenses that inputs state, each once.</summary>
    private string[] Licenses =>
        [.. _sources.Select(source => source.License).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Creates the card of a selection.</summary>
    /// <param name="selection">The folder of the selection.</param>
    /// <param name="dataset">The dataset, <c>hf://datasets/ORG/NAME</c>.</param>
    /// <param name="rows">The rows that are exported.</param>
    /// <exception cref="FileNotFoundException">The selection has no manifest.</exception>
    /// <exception cref="IOException">The card of an input cannot be read.</exception>
    public static DatasetCard Create(string selection, string dataset, long rows)
    {
        string path = Path.Combine(selection, SelectionFiles.Manifest);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"{path}: expected the manifest of the selection, from which the dataset card is written, found none."
            );
        }

        JsonObject manifest = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        IEnumerable<JsonNode> inputs = Inputs.SelectMany(name =>
            manifest["inputs"]?[name]?.AsArray().OfType<JsonNode>() ?? []
        );
        Dictionary<string, string?> licenses = new(StringComparer.Ordinal);
        CardSource[] sources =
        [
            .. inputs.Select(input =>
            {
                string name = input["path"]!.GetValue<string>();
                string? license = null;
                if (name.StartsWith(HubScheme, StringComparison.Ordinal))
                {
                    string root = FileSources.RootOf(name);
                    license = licenses.TryGetValue(root, out string? known)
                        ? known
                        : licenses[root] = FindLicense(root + "README.md");
                }

                return new CardSource(
                    FileSources.IsAddress(name) ? name : Path.GetFileName(name),
                    input["version"]?.GetValue<string>(),
                    input["rows"]?.GetValue<long>(),
                    input["sha256"]!.GetValue<string>(),
                    license
                );
            }),
        ];
        string id = dataset[HubScheme.Length..].Split('@')[0].Trim('/');
        return new DatasetCard(id, rows, manifest, sources);
    }

    /// <summary>Returns the card: front matter, sources, method, proof.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append("---\n");
        string[] licenses = Licenses;
        if (licenses.Length > 0)
        {
            text.Append("license:\n");
            Array.ForEach(licenses, license => text.Append(CultureInfo.InvariantCulture, $"- {license}\n"));
        }

        text.Append("tags:\n- tsds\n");
        text.Append(CultureInfo.InvariantCulture, $"size_categories:\n- {SizeCategory()}\n");
        text.Append(
            "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"# {_id.Split('/')[^1]}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Description()}\n\n## Sources\n\n");
        text.Append("| source | version | rows | SHA-256 | license |\n|---|---|---|---|---|\n");
        foreach (CardSource source in _sources.Take(MostSources))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{Cell(source.Name)}` | {Cell(source.Version ?? "")} | {source.Rows} | `{source.Sha256}` | "
                    + $"{Cell(source.License ?? "not stated")} |\n"
            );
        }

        if (_sources.Count > MostSources)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nand {_sources.Count - MostSources} more files.\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Method\n\n{Method()}\n\n## Certificate\n\n{Proof()}\n");
        return text.ToString();
    }

    /// <summary>Returns the metadata in the Croissant format, version 1.1.</summary>
    /// <param name="parquet">A file of the rows, whose columns are all files'.</param>
    /// <seealso href="https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html">Croissant 1.1</seealso>
    public string ToCroissant(string parquet)
    {
        using ParquetFileReader reader = new(parquet);
        JsonArray fields = [];
        foreach (Node node in reader.FileMetaData.Schema.GroupNode.Fields)
        {
            fields.Add(Field(node, "default", node.Name));
        }

        JsonObject dataset = new()
        {
            ["@context"] = Context(),
            ["@type"] = "sc:Dataset",
            ["conformsTo"] = "http://mlcommons.org/croissant/1.1",
            ["name"] = _id.Split('/')[^1],
            ["description"] = Description(),
            ["url"] = Url,
            ["isBasedOn"] = new JsonArray([.. _sources.Take(MostSources).Select(source => (JsonNode)source.Name)]),
            ["distribution"] = new JsonArray(
                new JsonObject
                {
                    ["@type"] = "cr:FileObject",
                    ["@id"] = "repo",
                    ["name"] = "repo",
                    ["contentUrl"] = Url,
                    ["encodingFormat"] = "git+https",
                    ["sha256"] = "https://github.com/mlcommons/croissant/issues/80",
                },
                new JsonObject
                {
                    ["@type"] = "cr:FileSet",
                    ["@id"] = "rows",
                    ["name"] = "rows",
                    ["containedIn"] = new JsonObject { ["@id"] = "repo" },
                    ["encodingFormat"] = "application/x-parquet",
                    ["includes"] = "data/train-*.parquet",
                }
            ),
            ["recordSet"] = new JsonArray(
                new JsonObject
                {
                    ["@type"] = "cr:RecordSet",
                    ["@id"] = "default",
                    ["name"] = "default",
                    ["field"] = fields,
                }
            ),
        };
        if (Licenses is { Length: > 0 } licenses)
        {
            dataset["license"] = new JsonArray([.. licenses.Select(license => (JsonNode)license)]);
        }

        return dataset.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Context() =>
        new()
        {
            ["@language"] = "en",
            ["@vocab"] = "https://schema.org/",
            ["cr"] = "http://mlcommons.org/croissant/",
            ["sc"] = "https://schema.org/",
            ["dct"] = "http://purl.org/dc/terms/",
            ["conformsTo"] = "dct:conformsTo",
            ["recordSet"] = "cr:recordSet",
            ["field"] = "cr:field",
            ["subField"] = "cr:subField",
            ["source"] = "cr:source",
            ["extract"] = "cr:extract",
            ["column"] = "cr:column",
            ["fileSet"] = "cr:fileSet",
            ["includes"] = "cr:includes",
            ["isArray"] = "cr:isArray",
            ["arrayShape"] = "cr:arrayShape",
            ["dataType"] = new JsonObject { ["@id"] = "cr:dataType", ["@type"] = "@vocab" },
        };

    /// <summary>Describes a column, and what is nested in it.</summary>
    private static JsonObject Field(Node node, string parent, string column)
    {
        string id = $"{parent}/{node.Name}";
        JsonObject field = new()
        {
            ["@type"] = "cr:Field",
            ["@id"] = id,
            ["name"] = node.Name,
        };
        Node content = node;
        while (content is GroupNode { Fields: [var only] } group && IsList(group))
        {
            field["isArray"] = true;
            field["arrayShape"] = "-1";
            content = only;
        }

        if (content is GroupNode parts)
        {
            JsonArray fields = [];
            foreach (Node part in parts.Fields)
            {
                fields.Add(Field(part, id, column));
            }

            field["subField"] = fields;
        }
        else
        {
            field["dataType"] = TypeOf((PrimitiveNode)content);
        }

        field["source"] = new JsonObject
        {
            ["fileSet"] = new JsonObject { ["@id"] = "rows" },
            ["extract"] = new JsonObject { ["column"] = column },
        };
        return field;
    }

    // A list is a group of one repeated group.
    private static bool IsList(GroupNode group) =>
        group.LogicalType.Type == LogicalTypeEnum.List || group.Repetition == Repetition.Repeated;

    private static string TypeOf(PrimitiveNode node) =>
        node.PhysicalType switch
        {
            PhysicalType.Boolean => "sc:Boolean",
            PhysicalType.Int32 or PhysicalType.Int64 => "sc:Integer",
            PhysicalType.Float or PhysicalType.Double => "sc:Float",
            _ => "sc:Text",
        };

    /// <summary>Returns the license in the front matter of a card, or null.</summary>
    private static string? FindLicense(string address)
    {
        if (!FileSources.Exists(address))
        {
            return null;
        }

        using StreamReader reader = new(FileSources.OpenRead(address));
        if (reader.ReadLine()?.Trim() != "---")
        {
            return null;
        }

        bool isListed = false;
        while (reader.ReadLine() is { } line && line.Trim() != "---")
        {
            if (isListed)
            {
                return line.TrimStart().StartsWith("- ", StringComparison.Ordinal)
                    ? line.TrimStart()[2..].Trim(' ', '"', '\'')
                    : null;
            }

            if (line.StartsWith("license:", StringComparison.Ordinal))
            {
                string value = line["license:".Length..].Trim(' ', '"', '\'');
                if (value.Length > 0)
                {
                    return value;
                }

                isListed = true;
            }
        }

        return null;
    }

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private string Description()
    {
        string files = _sources.Count == 1 ? "one file" : $"{_sources.Count} files";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_rows:N0} rows, selected with Tsds from {files} for the examples of a task."
        );
    }

    private string SizeCategory() =>
        _rows switch
        {
            < 1_000 => "n<1K",
            < 10_000 => "1K<n<10K",
            < 100_000 => "10K<n<100K",
            < 1_000_000 => "100K<n<1M",
            < 10_000_000 => "1M<n<10M",
            _ => "10M<n<100M",
        };

    private string Method()
    {
        JsonNode? options = _manifest["options"];
        JsonNode? embedding = _manifest["embedding"];
        string tool = _manifest["tool"]?["version"]?.ToString() ?? "";
        return $"Tsds {tool}, method {options?["method"]}, budget {options?["budget"]}, alpha {options?["alpha"]}, "
            + $"relevance {options?["relevance"]}, seed {options?["seed"]}; embedder {embedding?["embedder"]}.";
    }

    private string Proof()
    {
        if (_manifest["solution"] is not { } solution)
        {
            return "None: the method chooses rows without a proof.";
        }

        string claim = solution["certified"]?.GetValue<bool>() == true ? "proven optimal" : "not proven optimal";
        return $"The plan is {claim}: it costs {solution["primal"]}, and no plan over the pool costs less than "
            + $"{solution["dual"]} (relative gap {solution["gap"]}). `tsds verify` repeats the selection.";
    }
}
