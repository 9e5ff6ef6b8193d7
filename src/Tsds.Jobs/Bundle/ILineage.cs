using Tsds.Data.Rows;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes <c>lineage.jsonl</c> candidate by candidate, ascending, while the pool is read.</summary>
internal interface ILineage
{
    /// <summary>Gets the next candidate to write, or null after the last.</summary>
    long? NextCandidateId { get; }

    /// <summary>Writes the line of <see cref="NextCandidateId"/>.</summary>
    /// <param name="row">Its row, or null for vectors without rows.</param>
    /// <param name="file">The row's file as the user gave it.</param>
    /// <returns>How often the candidate was drawn, 0 included.</returns>
    long Write(Row? row, string? file);
}
