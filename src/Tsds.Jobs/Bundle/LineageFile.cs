using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Reads the lines that a selection wrote about its candidates and targets.</summary>
internal static class LineageFile
{
    public const string Lineage = "lineage.jsonl";
    public const string Targets = "targets.jsonl";
    public const string Excluded = "excluded.jsonl";
    public const string Groups = "clusters.jsonl";

    /// <summary>Reads the candidates of a selection.</summary>
    /// <exception cref="InvalidDataException">While reading: a line is something else.</exception>
    public static IEnumerable<LineageRecord> ReadLineage(string folder) =>
        Read(folder, Lineage, BundleJson.Default.LineageRecord);

    /// <summary>Reads the targets of a selection.</summary>
    /// <exception cref="InvalidDataException">While reading: a line is something else.</exception>
    public static IEnumerable<TargetRecord> ReadTargets(string folder) =>
        Read(folder, Targets, BundleJson.Default.TargetRecord);

    /// <summary>Reads the candidates that were left out; none if no rows were given.</summary>
    /// <exception cref="InvalidDataException">While reading: a line is something else.</exception>
    public static IEnumerable<ExcludedRecord> ReadExcluded(string folder) =>
        Read(folder, Excluded, BundleJson.Default.ExcludedRecord);

    /// <summary>Reads the groups of rows that are the same or near; none where they were not looked for.</summary>
    /// <exception cref="InvalidDataException">While reading: a line is something else.</exception>
    public static IEnumerable<DuplicateGroup> ReadGroups(string folder) =>
        Read(folder, Groups, BundleJson.Default.DuplicateGroup);

    /// <summary>Reads the lines of a file, or none if the file does not exist.</summary>
    private static IEnumerable<T> Read<T>(string folder, string name, JsonTypeInfo<T> type)
        where T : class
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
            yield return Parse(line, type)
                ?? throw new InvalidDataException(
                    $"{path}, line {number}: expected what a selection writes there, found something else; select "
                        + $"again to get the file."
                );
        }
    }

    private static T? Parse<T>(string line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
