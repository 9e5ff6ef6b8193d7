using Tsds.Data.Store;
using Tsds.Data.Vectors;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Batch;

/// <summary>
/// A selection whose searches are run by others, such as the jobs of a batch scheduler: see <see cref="ShardJob"/>.
/// </summary>
public static class MergeJob
{
    /// <summary>Continues a selection as far as the existing parts allow.</summary>
    /// <param name="options">The job, the same in each call; its pool is
    /// <see cref="SelectionSpec.PoolVectors"/>.</param>
    /// <param name="work">The folder of requests and parts, which all shards see; created if needed.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops; the work folder stays usable.</param>
    /// <returns>What <see cref="SelectionJob"/> returns; the output is the same, to the byte.</returns>
    /// <exception cref="PartsNeededException">Shards have to answer first; the request for them is in the
    /// folder.</exception>
    /// <exception cref="ArgumentException">The pool is not one of vectors that can be mapped, or the options contradict
    /// one another.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the folder was begun for another
    /// selection.</exception>
    public static Task<SelectionSummary> RunAsync(
        SelectionJobOptions options,
        string work,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => RunAsync(SelectionJob.Estimate(options), work, progress, cancellationToken);

    /// <summary>Resumes a selection that was estimated, as far as the parts allow.</summary>
    /// <param name="estimate">What <see cref="SelectionJob.Estimate"/> returned.</param>
    /// <param name="work">The folder of requests and parts, which all shards see; created if needed.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops; the work folder stays usable.</param>
    /// <returns>What <see cref="RunAsync(SelectionJobOptions, string, IProgress{SelectionProgress}?,
    /// CancellationToken)"/> returns.</returns>
    /// <exception cref="PartsNeededException">Shards have to answer first; the request for them is in the
    /// folder.</exception>
    /// <exception cref="ArgumentException">The pool is not one of vectors that can be mapped.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the folder was begun for another
    /// selection.</exception>
    public static async Task<SelectionSummary> RunAsync(
        SelectionEstimate estimate,
        string work,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentException.ThrowIfNullOrEmpty(work);
        (SelectionJobOptions options, JobFiles inputs) = estimate.Job;
        if (options.Spec.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected the pool's vectors, which shards search, found none; write them with 'tsds embed' "
                    + "and name them with --pool-vectors."
            );
        }

        if (inputs.PoolVectors.SelectMany(source => source.Files).FirstOrDefault(ParquetVectors.Holds) is { } parquet)
        {
            throw new ArgumentException(
                $"Expected vectors that shards can map where they lie, found {parquet.Label}; use a vector "
                    + $"store, .npy, .safetensors or .pt."
            );
        }

        using CandidatePool pool = CandidatePool.OpenVectors(inputs.PoolVectors, options.PoolOptions);
        SelectionJobOptions served = options with
        {
            ServedPool = new PartsPool(pool, FilesOf(inputs), new WorkFolder(work)),
        };
        JobFiles.CheckServed(served);
        estimate = estimate with { Job = new PreparedSelection(served, inputs) };
        return await SelectionJob.RunAsync(estimate, progress, cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<PoolFile> FilesOf(JobFiles inputs)
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
