using Tsds.Data.Files;
using Tsds.Data.Vectors;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Index;

/// <summary>Builds the index of a pool in a folder.</summary>
public static class IndexJob
{
    private static readonly string[] FileNames = ["rows.bin", "elements.bin", "index.json"];

    /// <summary>Builds an index, atomically.</summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>The result, for the user.</returns>
    /// <exception cref="ArgumentException">There are no vectors.</exception>
    /// <exception cref="IOException">The output folder is not empty, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A vector is not usable; the message names file and row.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IndexSummary> RunAsync(
        IndexJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected the embeddings of a pool, found none; name them with --pool-vectors."
            );
        }

        RunRecord run = new();
        CandidatePoolOptions poolOptions = new()
        {
            Normalization = options.Normalization,
            ThreadCount = options.ThreadCount,
        };
        IReadOnlyList<VectorSource> sources = JobFiles.ParseVectors(options.PoolVectors);
        JobFiles.CheckWeights(sources);
        using StagedFolder output = StagedFolder.Create(options.Output, options.Force, FileNames);
        VectorFiles files = VectorFiles.Open(sources, output, "pool", progress, cancellationToken);
        using CandidatePool pool = CandidatePool.OpenVectors(files.Sources, poolOptions);
        await PoolIndex
            .BuildAsync(pool, output.Folder, files.Identity, Report(progress, pool.Count), cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<string> written = output.Commit();
        return new IndexSummary(
            pool.Count,
            pool.Dimension,
            files.Files.Sum(file => file.Bytes),
            written.Sum(path => new FileInfo(path).Length),
            run.Elapsed,
            RunRecord.PeakMemoryBytes
        );
    }

    private static IProgress<long>? Report(IProgress<SelectionProgress>? progress, long count) =>
        SelectionProgress.OfStage(progress, SelectionStage.Indexing, count);
}
