namespace Tsds.Sampling;

/// <summary>The rows of a draw with their counts; rows that were not drawn are not stored.</summary>
/// <param name="Positions">Positions in the order of the probabilities, ascending, each once.</param>
/// <param name="Counts">How often each of these was drawn, at least 1; they sum to the budget.</param>
internal sealed record DrawnRows(int[] Positions, long[] Counts)
{
    /// <summary>Creates a draw of rows that were each drawn once.</summary>
    public static DrawnRows Once(int[] positions)
    {
        long[] counts = new long[positions.Length];
        Array.Fill(counts, 1);
        return new DrawnRows(positions, counts);
    }

    /// <summary>Adds the counts of another draw.</summary>
    public DrawnRows Add(DrawnRows other)
    {
        List<int> positions = new(Positions.Length + other.Positions.Length);
        List<long> counts = new(positions.Capacity);
        int a = 0;
        int b = 0;
        while (a < Positions.Length || b < other.Positions.Length)
        {
            int mine = a < Positions.Length ? Positions[a] : int.MaxValue;
            int others = b < other.Positions.Length ? other.Positions[b] : int.MaxValue;
            positions.Add(Math.Min(mine, others));
            counts.Add((mine <= others ? Counts[a++] : 0) + (others <= mine ? other.Counts[b++] : 0));
        }

        return new DrawnRows([.. positions], [.. counts]);
    }
}
