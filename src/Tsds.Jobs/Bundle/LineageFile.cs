using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Jobs.Bundle;

/// <summary>Reads what a selection said of its candidates and targets, a line at a time.</summary>
internal static class LineageFile
{
    public const string Lineage = "lineage.jsonl";
    public const string Targets = "targets.jsonl";
    public const string Excluded = "excluded.jsonl";

    /// <summary>Reads the lines of a side file; none if it is not there.</summary>
    /// <exception cref="InvalidDataException">While reading: a line is not a JSON object.</exception>
    public static IEnumerable<JsonObject> Read(string folder, string name = Lineage)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            yield break;
        }

        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            yield return Parse(line, path, number);
        }
    }

    private static JsonObject Parse(string line, string path, int number)
    {
        try
        {
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException(
                $"{path}, line {number}: expected a JSON object, found something else; select again to get the file."
            );
        }
    }
}
