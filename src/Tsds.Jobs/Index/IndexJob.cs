using Tsds.Data.Files;
using Tsds.Data.Vectors;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Index;

/// <summary>Builds the index of a pool, and finds out whether a pool has one.</summary>
public static class IndexJob
{
    private static readonly string[] FileNames = ["rows.bin", "elements.bin", "index.json"];

    /// <summary>Builds an index, all of it or nothing.</summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>What to tell the user.</returns>
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
        IReadOnlyList<VectorSource> sources = JobInputs.ParseVectors(options.PoolVectors);
        JobInputs.CheckWeights(sources);
        using OutputFolder output = OutputFolder.Create(options.Output, options.Force, FileNames);
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

    /// <summary>Opens an index if it is that of a pool.</summary>
    /// <param name="folder">The folder of the index.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="files">The pool's files.</param>
    /// <param name="note">Says in a few words what became of it.</param>
    /// <returns>The index, in use by the pool, or null.</returns>
    internal static PoolIndex? TryUse(string folder, CandidatePool pool, VectorFiles files, out string note)
    {
        PoolIndex? index = null;
        try
        {
            index = PoolIndex.Open(folder);
            if (index.Identity != files.Identity)
            {
                note = $"ignored: {folder} was built from other vectors; build it again with 'tsds index'";
            }
            else if (index.Normalization != pool.Normalization)
            {
                note = $"ignored: {folder} was built under --normalize {OptionNames.Of(index.Normalization)}";
            }
            else
            {
                pool.UseIndex(index);
                note = $"used: {folder}";
                return index;
            }
        }
        catch (InvalidDataException exception)
        {
            note = $"ignored: {exception.Message}";
        }

        index?.Dispose();
        return null;
    }

    private static IProgress<long>? Report(IProgress<SelectionProgress>? progress, long count) =>
        SelectionProgress.OfStage(progress, SelectionStage.Indexing, count);
}
