using Tsds.Data.Store;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Hosting;

/// <summary>Two workers whose stores are not the same.</summary>
internal static class StoreDisagreement
{
    /// <summary>Names the first shard in which the stores differ.</summary>
    public static async Task<InvalidDataException> DescribeAsync(
        IWorkerGrain other,
        WorkerStatus status,
        StoreManifest manifest,
        string folder
    )
    {
        using FetchedStore fetched = await FetchedStore.FetchAsync(other, status).ConfigureAwait(false);
        StoreManifest theirs = StoreManifest.TryRead(fetched.Folder)!;
        for (int i = 0; i < Math.Min(manifest.Shards.Count, theirs.Shards.Count); i++)
        {
            if (manifest.Shards[i] != theirs.Shards[i])
            {
                return new InvalidDataException(
                    $"Expected all workers to hold the same vector store, found that shard {i} is "
                        + $"{manifest.Shards[i].File} with SHA-256 {manifest.Shards[i].Sha256} in {folder}, and "
                        + $"{theirs.Shards[i].File} with {theirs.Shards[i].Sha256} in {status.Folder} of the "
                        + $"worker {status.Address}; copy one of them again."
                );
            }
        }

        return new InvalidDataException(
            $"Expected all workers to hold the same vector store, found {manifest.Shards.Count} shards in "
                + $"{folder} and {theirs.Shards.Count} in {status.Folder} of the worker {status.Address}, or other "
                + $"settings; copy one of them again."
        );
    }
}
