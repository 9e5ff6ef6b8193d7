using Tsds.Data.Store;
using Tsds.Data.Vectors;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Batch;

/// <summary>
/// A selection whose searches are run by others, a batch scheduler's jobs for instance: <see cref="ShardJob"/>.
/// </summary>
public static class MergeJob
{
    /// <summary>Goes on with a selection as far as the parts allow.</summary>
    /// <param name="options">The job, the same in each call; its pool is
    /// <see cref="SelectionJobOptions.PoolVectors"/>.</param>
    /// <param name="work">The folder of requests and parts, which all shards see; created if needed.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops; the work folder stays usable.</param>
    /// <returns>What <see cref="SelectionJob.RunAsync"/> returns; the output is the same, to the byte.</returns>
    /// <exception cref="PartsNeededException">Shards have to answer first; the request for them is in the
    /// folder.</exception>
    /// <exception cref="ArgumentException">The pool is not one of vectors that can be mapped, or the options contradict
    /// one another.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the folder was begun for another
    /// selection.</exception>
    public static async Task<SelectionSummary> RunAsync(
        SelectionJobOptions options,
        string work,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(work);
        if (options.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected the pool's vectors, which shards search, found none; write them with 'tsds embed' "
                    + "and name them with --pool-vectors."
            );
        }

        JobInputs inputs = JobInputs.Resolve(options);
        if (inputs.PoolVectors.SelectMany(source => source.Files).FirstOrDefault(ParquetVectors.Holds) is { } parquet)
        {
            throw new ArgumentException(
                $"Expected vectors that shards can map where they lie, found {parquet.Label}; use a vector "
                    + $"store, .npy, .safetensors or .pt."
            );
        }

        using CandidatePool pool = CandidatePool.OpenVectors(
            inputs.PoolVectors,
            new CandidatePoolOptions { Normalization = options.Normalization, ThreadCount = options.ThreadCount }
        );
        SelectionJobOptions served = options with
        {
            ServedPool = new PartsPool(pool, FilesOf(inputs), new WorkFolder(work)),
        };
        return await SelectionJob.RunAsync(served, progress, cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<PoolFile> FilesOf(JobInputs inputs)
    {
        IReadOnlyList<StoreManifest.ChunkRecord>? shards = inputs.PoolStore?.Manifest.Chunks;
        return
        [
            .. inputs.PoolVectors.Select(
                (source, i) =>
                    shards is null
                        ? new PoolFile(source.ToString(), source.ReadShape().Count, "")
                        : new PoolFile(source.ToString(), shards[i].Rows, shards[i].Sha256)
            ),
        ];
    }
}
