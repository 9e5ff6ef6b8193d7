namespace Tsds.Transport;

/// <summary>The memory of what a plan is made of, and of the passes that find it.</summary>
/// <remarks>
/// Three quarters of a limit are for what is kept, neighbors and candidates, and a quarter is for the pass that runs: a
/// search for some of the targets, or the densities of some of the points.
/// </remarks>
internal static class PlanMemory
{
    /// <summary>
    /// The bytes kept for each fetched neighbor: index, distance, two prefix sums of each eighth, its entry of the
    /// plan, and what lies free between arrays of many sizes.
    /// </summary>
    private const int BytesPerNeighbor = 14 + 32 + 6;

    /// <summary>
    /// The bytes kept for each candidate met: the table while it grows, the statistics of two searches for a level, and
    /// the plan.
    /// </summary>
    private const int BytesPerCandidate = 200;

    /// <summary>
    /// The bytes for each neighbor while a search runs: buffers of up to twice as many, and the table.
    /// </summary>
    private const int BytesPerFoundNeighbor = 48;

    /// <summary>
    /// The memory that a search may use if no limit is given, in bytes: so many neighbors that to read the pool once
    /// more costs nothing beside finding them.
    /// </summary>
    private const long LargestSearch = 1L << 30;

    private const int SmallestPoints = 256;
    private const int LargestPoints = 32_768;

    /// <summary>Returns the bytes that are kept for some neighbors.</summary>
    /// <param name="neighbors">Fetched neighbors of all targets.</param>
    /// <param name="candidates">Different candidates among them.</param>
    public static double Kept(double neighbors, double candidates) =>
        (neighbors * BytesPerNeighbor) + (candidates * BytesPerCandidate);

    /// <summary>Returns the most bytes that may be kept.</summary>
    public static long LargestKept(long? memoryLimit) => memoryLimit is { } limit ? limit / 4 * 3 : long.MaxValue;

    /// <summary>Returns the number of targets that share a search.</summary>
    /// <param name="memoryLimit">The limit in bytes, or null.</param>
    /// <param name="found">The neighbors of each.</param>
    /// <param name="most">The targets in all.</param>
    public static int TargetsOfSearch(long? memoryLimit, long found, int most) =>
        (int)Math.Clamp(LargestPass(memoryLimit) / (found * BytesPerFoundNeighbor), 1, most);

    /// <summary>Returns the bytes of the neighbors that searches find at one time.</summary>
    /// <param name="memoryLimit">The limit in bytes, or null.</param>
    /// <param name="neighbors">Neighbors of all targets.</param>
    public static double BytesOfSearch(long? memoryLimit, double neighbors) =>
        Math.Min(neighbors * BytesPerFoundNeighbor, LargestPass(memoryLimit));

    /// <summary>Returns the most points that share a density pass, from 256 to 32,768.</summary>
    public static int PointsOfPass(long? memoryLimit, int dimension) =>
        (int)Math.Clamp((memoryLimit ?? long.MaxValue) / 4 / BytesPerPoint(dimension), SmallestPoints, LargestPoints);

    /// <summary>Returns the bytes of a point: the embedding, its packed form and its short views.</summary>
    public static long BytesPerPoint(int dimension) => (8L * dimension) + 1_024;

    private static long LargestPass(long? memoryLimit) => Math.Min(LargestSearch, (memoryLimit ?? long.MaxValue) / 4);
}
