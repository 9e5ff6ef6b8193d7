using Tsds.Numerics;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The embeddings of all candidates that may be chosen, held in memory for methods that read each of them many times.
/// </summary>
/// <remarks>Memory: 4·N·d bytes and 8 bytes a row.</remarks>
internal sealed class CandidateVectors
{
    private readonly List<EmbeddingMatrix> _blocks = [];
    private readonly List<long> _ids = [];

    /// <summary>Gets the number of candidates.</summary>
    public int Count => _ids.Count;

    /// <summary>Gets the ids of the candidates, ascending.</summary>
    public IReadOnlyList<long> Ids => _ids;

    /// <summary>
    /// Gets the embeddings in blocks of <see cref="CandidateScoring.BlockSize"/>; only the last may have fewer.
    /// </summary>
    public IReadOnlyList<EmbeddingMatrix> Blocks => _blocks;

    /// <summary>Gets the embedding of the candidate at a position, from 0, ascending by id.</summary>
    public ReadOnlySpan<float> this[int position] =>
        _blocks[position / CandidateScoring.BlockSize][position % CandidateScoring.BlockSize];

    /// <summary>Returns ‖x‖² of each candidate.</summary>
    public double[] NormsSquared() => [.. _blocks.SelectMany(DistanceKernels.NormsSquared)];

    public static long EstimateMemory(long poolRows, int dimension) => poolRows * ((4L * dimension) + 16);

    public static async Task<CandidateVectors> LoadAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        CandidateVectors vectors = new();
        await CandidateScoring
            .ScanAsync(
                inputs,
                (ids, rows) =>
                {
                    vectors._ids.AddRange(ids.Span);
                    vectors._blocks.Add(rows);
                },
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        return vectors;
    }
}
