using Tsds.Data.Store;

namespace Tsds.Orleans.Workers;

/// <summary>
/// Consecutive chunks of the store, the unit that is distributed among workers. It depends on the store alone, not on
/// which workers are available.
/// </summary>
/// <param name="Index">Its number; that of its first part, if it is joined of several.</param>
/// <param name="FirstShard">The first chunk.</param>
/// <param name="EndShard">The chunk after the last one.</param>
/// <param name="FirstRow">The id of its first candidate.</param>
/// <param name="Rows">Its candidates.</param>
internal sealed record Section(int Index, int FirstShard, int EndShard, long FirstRow, long Rows)
{
    /// <summary>
    /// The most chunks of a section, 262,144 rows: small enough to distribute, and to search again if a worker is lost.
    /// </summary>
    private const int MostShards = 64;

    /// <summary>The number of chunks, 32,768 rows, below which the core searches without its short views.</summary>
    private const int EnoughShards = 8;

    /// <summary>
    /// The most chunks that are searched together, 1,048,576 rows. Such a search is as fast as one of the whole pool; a
    /// larger one would learn of the distances of other workers too late.
    /// </summary>
    private const int MostJoined = 256;

    /// <summary>The number of sections into which a store is divided if they have enough rows.</summary>
    private const int GoodCount = 16;

    /// <summary>
    /// The number of sections into which a small store is divided, however few rows they have, so that there is
    /// something to distribute.
    /// </summary>
    private const int FewestCount = 4;

    /// <summary>Divides a store into sections.</summary>
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

    /// <summary>Groups consecutive sections that are searched together.</summary>
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

    /// <summary>Returns consecutive sections as one.</summary>
    public static Section Join(IReadOnlyList<Section> group) =>
        group[0] with
        {
            EndShard = group[^1].EndShard,
            Rows = group.Sum(section => section.Rows),
        };

    /// <summary>Determines whether this section starts where another one starts and contains it.</summary>
    public bool BeginsWith(Section section) => FirstShard == section.FirstShard && EndShard >= section.EndShard;
}
