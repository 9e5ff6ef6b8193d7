using Tsds.Data.Files;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes <c>clusters.jsonl</c>: the near-duplicates among the reached candidates.</summary>
internal static class DuplicateFile
{
    public const string Name = "clusters.jsonl";

    public static void Write(string path, IReadOnlyList<DuplicateGroup> clusters)
    {
        using JsonLineWriter writer = new(path);
        foreach (DuplicateGroup cluster in clusters)
        {
            writer.Write(json =>
            {
                json.WriteNumber("cluster", cluster.Cluster);
                json.WriteNumber("representative", cluster.Representative);
                json.WriteNumber("drawn", cluster.DrawnCount);
                json.WriteObjects(
                    "members",
                    cluster.Members,
                    member =>
                    {
                        json.WriteNumber("row", member.Row);
                        json.WriteNumber("distance", member.Distance);
                        json.WriteNumber("nearestDistance", member.NearestDistance);
                        json.WriteNumber("count", member.Count);
                        if (member.CopyOf is { } first)
                        {
                            json.WriteNumber("copyOf", first);
                        }
                    }
                );
            });
        }
    }
}
