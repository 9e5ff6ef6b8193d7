using Tsds.Data.Embedding.Choice;
using Tsds.Data.Store;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Hosting;

/// <summary>A copy of a store's manifest and of its embedder's fit, without vectors, in a temporary folder.</summary>
internal sealed class StoreSnapshot : IDisposable
{
    /// <summary>The times that a piece is asked for, each for a quarter of the cluster's timeout.</summary>
    private const int MostTries = 4;

    private StoreSnapshot(string folder)
    {
        Folder = folder;
    }

    public string Folder { get; }

    /// <summary>Fetches its files from a worker, piece by piece.</summary>
    /// <exception cref="IOException">The worker does not answer, however often it is asked.</exception>
    /// <exception cref="InvalidDataException">A file changed meanwhile.</exception>
    public static async Task<StoreSnapshot> FetchAsync(IWorkerGrain worker, WorkerStatus status)
    {
        StoreSnapshot fetched = new(Directory.CreateTempSubdirectory("tsds-store").FullName);
        try
        {
            await CopyAsync(
                    offset => ReadAsync(worker, status, fit: null, offset),
                    status.ManifestBytes,
                    Path.Combine(fetched.Folder, StoreManifest.FileName)
                )
                .ConfigureAwait(false);
            for (int fit = 0; fit < status.FitBytes.Length; fit++)
            {
                string path = Path.Combine(fetched.Folder, EmbedderFitting.FileNames[fit]);
                int number = fit;
                await CopyAsync(offset => ReadAsync(worker, status, number, offset), status.FitBytes[fit], path)
                    .ConfigureAwait(false);
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

    private static async Task<byte[]> ReadAsync(IWorkerGrain worker, WorkerStatus status, int? fit, long offset)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await worker.ReadStoreFileAsync(fit, offset).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                if (attempt == MostTries)
                {
                    throw new IOException(
                        $"Expected the worker {status.Address} to send the manifest of its vector store, found that "
                            + $"it did not answer {MostTries} times; run the same command again.",
                        exception
                    );
                }
            }
        }
    }

    private static async Task CopyAsync(Func<long, Task<byte[]>> read, long length, string path)
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
                byte[] piece = await read(stream.Length).ConfigureAwait(false);
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
