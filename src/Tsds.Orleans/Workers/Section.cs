using Tsds.Data.Store;

namespace Tsds.Orleans.Workers;

/// <summary>The unit of work: consecutive shards of the store. Depends on the store alone, not on who is there to search it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="FirstShard">The first shard.</param>
/// <param name="EndShard">The shard after the last one.</param>
/// <param name="FirstRow">The id of its first candidate.</param>
/// <param name="Rows">Its candidates.</param>
internal sealed record Section(int Index, int FirstShard, int EndShard, long FirstRow, long Rows)
{
    /// <summary>262,144 rows: enough for a search's own preparations not to count, few enough to spread.</summary>
    private const int MostShards = 64;

    /// <summary>32,768 rows: fewer are searched without the short views of the core.</summary>
    private const int EnoughShards = 8;

    /// <summary>A store is cut into so many sections, if they have enough rows.</summary>
    private const int GoodCount = 16;

    /// <summary>A small store is cut into so many, however few rows they have: there must be something to spread.</summary>
    private const int FewestCount = 4;

    /// <summary>Cuts a store.</summary>
    public static IReadOnlyList<Section> Cut(StoreManifest manifest)
    {
        int count = manifest.Shards.Count;
        int shards = Math.Clamp(count / GoodCount, Math.Min(EnoughShards, Math.Max(1, count / FewestCount)), MostShards);
        List<Section> sections = [];
        long firstRow = 0;
        for (int first = 0; first < count; first += shards)
        {
            int end = Math.Min(first + shards, count);
            long rows = manifest.Shards.Skip(first).Take(end - first).Sum(shard => (long)shard.Rows);
            sections.Add(new Section(sections.Count, first, end, firstRow, rows));
            firstRow += rows;
        }

        return sections;
    }
}
