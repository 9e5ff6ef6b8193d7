namespace Tsds.Pools;

/// <summary>The candidates over which a density is summed.</summary>
internal static class Population
{
    /// <summary>
    /// Returns the part of a population that lies in a range of consecutive candidates, by their ids within the range.
    /// </summary>
    /// <param name="population">Ids, or null for all candidates.</param>
    /// <param name="firstId">The first candidate.</param>
    /// <param name="count">How many.</param>
    /// <returns>Null if the population is.</returns>
    public static ReadOnlyMemory<long>? Within(ReadOnlyMemory<long>? population, long firstId, long count)
    {
        if (population is not { } ids)
        {
            return null;
        }

        List<long> part = [];
        foreach (long id in ids.Span)
        {
            if (id >= firstId && id < firstId + count)
            {
                part.Add(id - firstId);
            }
        }

        return part.ToArray();
    }
}
