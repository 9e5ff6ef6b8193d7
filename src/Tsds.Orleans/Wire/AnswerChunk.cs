namespace Tsds.Orleans.Wire;

/// <summary>Consecutive rows of an answer.</summary>
/// <param name="Counts">How many neighbors each row has; of densities none.</param>
/// <param name="CandidateIds">The neighbors' ids, row after row.</param>
/// <param name="Values">Their squared distances, or one density a row.</param>
[GenerateSerializer, Immutable, Alias("tsds.AnswerChunk")]
internal sealed record AnswerChunk(
    [property: Id(0)] int[] Counts,
    [property: Id(1)] long[] CandidateIds,
    [property: Id(2)] double[] Values
)
{
    /// <summary>
    /// The approximate size of a chunk in bytes. Arrays are sent in chunks, so that memory in transit is bounded
    /// whatever the sizes of pool and targets.
    /// </summary>
    public const int Bytes = 1 << 20;

    public static AnswerChunk Empty { get; } = new([], [], []);

    public long Size => (4L * Counts.Length) + (8L * (CandidateIds.Length + Values.Length));
}
