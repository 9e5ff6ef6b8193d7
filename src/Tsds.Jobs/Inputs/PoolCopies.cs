namespace Tsds.Jobs.Inputs;

/// <summary>The rows of a pool that are the same as an earlier row, which stands for them.</summary>
internal sealed class PoolCopies
{
    private readonly long[] _rows;
    private readonly long[] _firsts;

    /// <summary>Initializes copies.</summary>
    /// <param name="rows">The rows, ascending.</param>
    /// <param name="firsts">The row that stands for each.</param>
    public PoolCopies(long[] rows, long[] firsts)
    {
        (_rows, _firsts) = (rows, firsts);
    }

    /// <summary>Gets no copies.</summary>
    public static PoolCopies None { get; } = new([], []);

    /// <summary>Gets the number of rows that another stands for.</summary>
    public long Count => _rows.Length;

    /// <summary>Finds the row that stands for another.</summary>
    /// <param name="row">The other.</param>
    /// <returns>Null where it stands for itself.</returns>
    public long? FirstOf(long row)
    {
        int position = Array.BinarySearch(_rows, row);
        return position >= 0 ? _firsts[position] : null;
    }

    /// <summary>Gets the rows that another stands for.</summary>
    /// <param name="first">The row that stands for them.</param>
    public IEnumerable<long> CopiesOf(long first)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            if (_firsts[i] == first)
            {
                yield return _rows[i];
            }
        }
    }

    /// <summary>Gets every row that is the same as another, with the row that stands for it.</summary>
    public IEnumerable<(long Row, long First)> All => _rows.Zip(_firsts);

    /// <summary>Joins the copies with other rows that are hidden.</summary>
    /// <param name="hiddenIds">The others, ascending.</param>
    /// <returns>All of them, ascending, each once.</returns>
    public long[] Hide(ReadOnlySpan<long> hiddenIds)
    {
        long[] all = [.. hiddenIds, .. _rows];
        Array.Sort(all);
        int count = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
            {
                all[count++] = all[i];
            }
        }

        return all[..count];
    }

    /// <summary>Adds to near-duplicates the rows that are the same as one of some candidates.</summary>
    /// <param name="clusters">Near-duplicates among the candidates.</param>
    /// <param name="candidates">The candidates, ascending.</param>
    /// <param name="countOf">How often a candidate was drawn.</param>
    /// <returns>Clusters in the order of their first members, numbered anew; a row that is a near-duplicate of none is
    /// one with its copies.</returns>
    public IReadOnlyList<DuplicateGroup> AddTo(
        IReadOnlyList<DuplicateGroup> clusters,
        ReadOnlyMemory<long> candidates,
        Func<long, long> countOf
    )
    {
        ILookup<long, long> copies = Enumerable
            .Range(0, _rows.Length)
            .Where(i => candidates.Span.BinarySearch(_firsts[i]) >= 0)
            .ToLookup(i => _firsts[i], i => _rows[i]);
        if (copies.Count == 0)
        {
            return clusters;
        }

        Dictionary<long, int> known = DuplicateGroup.NumberByRow(clusters);
        IEnumerable<DuplicateGroup> alone = copies
            .Where(group => !known.ContainsKey(group.Key))
            .Select(group => new DuplicateGroup(0, group.Key, [new GroupMember(group.Key, 0, 0, countOf(group.Key))]));
        return
        [
            .. clusters
                .Concat(alone)
                .Select(cluster =>
                    cluster with
                    {
                        Members =
                        [
                            .. cluster
                                .Members.Concat(
                                    cluster.Members.SelectMany(member =>
                                        copies[member.Row]
                                            .Select(row => new GroupMember(row, member.Distance, 0, 0, member.Row))
                                    )
                                )
                                .OrderBy(member => member.Row),
                        ],
                    }
                )
                .OrderBy(cluster => cluster.Members[0].Row)
                .Select((cluster, number) => cluster with { Cluster = number }),
        ];
    }
}
