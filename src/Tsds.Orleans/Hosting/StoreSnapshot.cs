using Tsds.Data.Embedding.Choice;
using Tsds.Data.Store;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Hosting;

/// <summary>A copy of a store's manifest and of its embedder's fit, without vectors, in a temporary folder.</summary>
internal sealed class StoreSnapshot : IDisposable
{
    private StoreSnapshot(string folder)
    {
        Folder = folder;
    }

    public string Folder { get; }

    /// <summary>Fetches its files from a worker, piece by piece.</summary>
    public static async Task<StoreSnapshot> FetchAsync(IWorkerGrain worker, WorkerStatus status)
    {
        StoreSnapshot fetched = new(Directory.CreateTempSubdirectory("tsds-store").FullName);
        try
        {
            await CopyAsync(
                    worker,
                    fit: null,
                    status.ManifestBytes,
                    Path.Combine(fetched.Folder, StoreManifest.FileName)
                )
                .ConfigureAwait(false);
            for (int fit = 0; fit < status.FitBytes.Length; fit++)
            {
                string path = Path.Combine(fetched.Folder, EmbedderFitting.FileNames[fit]);
                await CopyAsync(worker, fit, status.FitBytes[fit], path).ConfigureAwait(false);
            }

            return fetched;
        }
        catch
        {
            fetched.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static async Task CopyAsync(IWorkerGrain worker, int? fit, long length, string path)
    {
        if (length == 0)
        {
            return;
        }

        FileStream stream = File.Create(path);
        await using (stream.ConfigureAwait(false))
        {
            while (stream.Length < length)
            {
                byte[] piece = await worker.ReadStoreFileAsync(fit, stream.Length).ConfigureAwait(false);
                if (piece.Length == 0)
                {
                    throw new InvalidDataException(
                        "Expected the rest of the store's manifest, found that the worker's file has become "
                            + "shorter; run the same command again."
                    );
                }

                await stream.WriteAsync(piece).ConfigureAwait(false);
            }
        }
    }
}
