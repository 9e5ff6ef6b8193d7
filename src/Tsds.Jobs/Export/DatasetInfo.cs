using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Jobs.Export;

/// <summary>
/// LLaMA-Factory's list of datasets, <c>dataset_info.json</c>, to which an export adds its own entry.
/// </summary>
internal static class DatasetInfo
{
    public const string FileName = "dataset_info.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the text of the list with an entry added; the other entries are unchanged.</summary>
    /// <param name="path">The list; it need not exist.</param>
    /// <param name="name">The name of the entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="force">True if an entry of that name is replaced.</param>
    /// <exception cref="IOException">There is an entry of that name.</exception>
    /// <exception cref="InvalidDataException">The list is not one.</exception>
    public static string Merge(string path, string name, JsonObject entry, bool force)
    {
        JsonObject list = [];
        if (File.Exists(path))
        {
            try
            {
                list = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException();
            }
            catch (JsonException)
            {
                throw new InvalidDataException(
                    $"{path}: expected LLaMA-Factory's JSON object of datasets, found something else; repair "
                        + $"it, or choose another --out."
                );
            }
        }

        if (!force && list.ContainsKey(name))
        {
            throw new IOException(
                $"{path} has a dataset named {name} already; choose another --name, or replace it with --force."
            );
        }

        list[name] = entry;
        return list.ToJsonString(Options) + "\n";
    }
}
