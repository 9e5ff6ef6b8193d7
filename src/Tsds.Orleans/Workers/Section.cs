using Tsds.Data.Store;

namespace Tsds.Orleans.Workers;

/// <summary>
/// Consecutive shards of the store: what is dealt out to workers. Depends on the store alone, not on who is there to
/// search it.
/// </summary>
/// <param name="Index">Its number; that of its first part, if it is joined of several.</param>
/// <param name="FirstShard">The first shard.</param>
/// <param name="EndShard">The shard after the last one.</param>
/// <param name="FirstRow">The id of its first candidate.</param>
/// <param name="Rows">Its candidates.</param>
internal sealed record Section(int Index, int FirstShard, int EndShard, long FirstRow, long Rows)
{
    /// <summary>262,144 rows: few enough to spread, and to search again where a worker is lost.</summary>
    private const int MostShards = 64;

    /// <summary>32,768 rows: fewer are searched without the short views of the core.</summary>
    private const int EnoughShards = 8;

    /// <summary>
    /// 1,048,576 rows: a search of so many at once is as fast as one of the whole pool, and more would hear of the
    /// others' distances too late.
    /// </summary>
    private const int MostJoined = 256;

    /// <summary>A store is cut into so many sections, if they have enough rows.</summary>
    private const int GoodCount = 16;

    /// <summary>
    /// A small store is cut into so many, however few rows they have: there must be something to spread.
    /// </summary>
    private const int FewestCount = 4;

    /// <summary>Cuts a store.</summary>
    public static IReadOnlyList<Section> Cut(StoreManifest manifest)
    {
        int count = manifest.Chunks.Count;
        int shards = Math.Clamp(
            count / GoodCount,
            Math.Min(EnoughShards, Math.Max(1, count / FewestCount)),
            MostShards
        );
        List<Section> sections = [];
        long firstRow = 0;
        for (int first = 0; first < count; first += shards)
        {
            int end = Math.Min(first + shards, count);
            long rows = manifest.Chunks.Skip(first).Take(end - first).Sum(shard => (long)shard.Rows);
            sections.Add(new Section(sections.Count, first, end, firstRow, rows));
            firstRow += rows;
        }

        return sections;
    }

    /// <summary>Puts sections together that follow each other, for one search.</summary>
    /// <param name="sections">Sections, ascending.</param>
    public static IEnumerable<IReadOnlyList<Section>> Group(IEnumerable<Section> sections)
    {
        List<Section> group = [];
        foreach (Section section in sections)
        {
            if (
                group.Count > 0
                && (group[^1].EndShard != section.FirstShard || section.EndShard - group[0].FirstShard > MostJoined)
            )
            {
                yield return group;
                group = [];
            }

            group.Add(section);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    /// <summary>Sections that follow each other as one.</summary>
    public static Section Join(IReadOnlyList<Section> group) =>
        group[0] with
        {
            EndShard = group[^1].EndShard,
            Rows = group.Sum(section => section.Rows),
        };

    /// <summary>Whether this starts where another section starts, and holds it.</summary>
    public bool BeginsWith(Section section) => FirstShard == section.FirstShard && EndShard >= section.EndShard;
}
