using Tsds.Data.Store;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Hosting;

/// <summary>Describes how the stores of two workers differ.</summary>
internal static class StoreMismatch
{
    /// <summary>Returns an exception that names the first chunk in which the stores differ.</summary>
    public static async Task<InvalidDataException> DescribeAsync(
        IWorkerGrain other,
        WorkerStatus status,
        StoreManifest manifest,
        string folder
    )
    {
        using StoreSnapshot fetched = await StoreSnapshot.FetchAsync(other, status).ConfigureAwait(false);
        StoreManifest theirs = StoreManifest.TryRead(fetched.Folder)!;
        for (int i = 0; i < Math.Min(manifest.Chunks.Count, theirs.Chunks.Count); i++)
        {
            if (manifest.Chunks[i] != theirs.Chunks[i])
            {
                return new InvalidDataException(
                    $"Expected all workers to hold the same vector store, found that shard {i} is "
                        + $"{manifest.Chunks[i].File} with SHA-256 {manifest.Chunks[i].Sha256} in {folder}, and "
                        + $"{theirs.Chunks[i].File} with {theirs.Chunks[i].Sha256} in {status.Folder} of the "
                        + $"worker {status.Address}; copy one of them again."
                );
            }
        }

        return new InvalidDataException(
            $"Expected all workers to hold the same vector store, found {manifest.Chunks.Count} shards in "
                + $"{folder} and {theirs.Chunks.Count} in {status.Folder} of the worker {status.Address}, or other "
                + $"settings; copy one of them again."
        );
    }
}
