namespace Tsds.Jobs.Inspect;

/// <summary>The result of an inspection.</summary>
/// <param name="Files">One entry per file, in their order.</param>
/// <param name="DuplicateRows">The rows whose text, white space aside, is that of an earlier row in any of the
/// files.</param>
/// <param name="IsDuplicateCountExact">True if all texts were compared; beyond 16 million different ones a sample is,
/// by hash, and
/// <paramref name="DuplicateRows"/> is an estimate.</param>
/// <param name="PlannedMemoryBytes">About what a selection from these rows by the default embedder takes beyond mapped
/// files.</param>
/// <param name="PlannedTime">About how long reading, fitting and embedding take on this machine, at the speed of this
/// inspection.</param>
/// <param name="Elapsed">The wall time of the inspection.</param>
/// <param name="PeakMemoryBytes">The peak resident memory of the process.</param>
internal sealed record InspectReport(
    IReadOnlyList<InspectedFile> Files,
    long DuplicateRows,
    bool IsDuplicateCountExact,
    long PlannedMemoryBytes,
    TimeSpan PlannedTime,
    TimeSpan Elapsed,
    long PeakMemoryBytes
)
{
    /// <summary>Gets the number of rows that can be used, over all files.</summary>
    public long Rows => Files.Sum(file => file.Rows);

    /// <summary>Gets the size of the files that can be used, in bytes.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Gets the number of characters of all texts.</summary>
    public long Characters => Files.Sum(file => file.Characters);

    /// <summary>Gets the estimate of the number of tokens of all texts.</summary>
    public long Tokens => Files.Sum(file => file.Tokens);
}
