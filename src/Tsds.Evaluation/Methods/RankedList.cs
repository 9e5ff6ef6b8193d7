namespace Tsds.Evaluation.Methods;

/// <summary>The rows that a target ranks highest.</summary>
/// <param name="CandidateIds">The rows, best first.</param>
/// <param name="Scores">The score of each.</param>
/// <param name="IsWhole">True if no row is missing behind the last one.</param>
internal sealed record RankedList(long[] CandidateIds, double[] Scores, bool IsWhole);
