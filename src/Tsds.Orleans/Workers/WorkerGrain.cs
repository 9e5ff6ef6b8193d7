using System.Runtime.InteropServices;
using Orleans.Concurrency;
using Tsds.Data.Embedding.Choice;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>The grain through which clients use the worker.</summary>
[Reentrant, WorkerPlacement]
internal sealed class WorkerGrain(LocalStore store, SearchQueue queue, BlobStore blobs, IGrainFactory grains)
    : Grain,
        IWorkerGrain
{
    public Task<WorkerStatus> DescribeAsync() =>
        Task.FromResult(
            new WorkerStatus(
                this.GetPrimaryKeyString(),
                store.Id,
                store.Folder,
                store.Held,
                store.LengthOf(fit: null),
                [.. EmbedderFitting.FileNames.Select((_, fit) => store.LengthOf(fit))]
            )
        );

    public Task<byte[]> ReadStoreFileAsync(int? fit, long offset) =>
        Task.FromResult(store.Read(fit, offset, AnswerChunk.Bytes));

    public Task<long> BlobLengthAsync(string id) => Task.FromResult(blobs.LengthOf(id));

    public Task PutBlobAsync(string id, long length, long offset, byte[] piece)
    {
        blobs.Put(id, length, offset, piece);
        return Task.CompletedTask;
    }

    public Task StartAsync(SearchRequest request)
    {
        queue.Start(request);
        return Task.CompletedTask;
    }

    public Task<SearchState> PollAsync(string id, double[]? farthest) => queue.PollAsync(id, farthest);

    public Task<AnswerChunk> FetchAsync(string id, int firstRow) => Task.FromResult(queue.Fetch(id, firstRow));

    public Task CloseAsync(string id)
    {
        queue.Close(id);
        return Task.CompletedTask;
    }

    public async Task<float[]> ReadEmbeddingsAsync(int section, bool isUnnormalized, int[] rows)
    {
        ShardAnswer answer = await AskAsync(
                section,
                new ShardQuery
                {
                    Section = store.Sections[section],
                    Normalization = NormalizationOf(isUnnormalized),
                    Rows = Array.ConvertAll(rows, row => (long)row),
                }
            )
            .ConfigureAwait(true);
        return answer.Embeddings.Values.ToArray();
    }

    public async Task<byte[]> ReadKeysAsync(int section, bool isUnnormalized, long firstRow, int count)
    {
        ShardAnswer answer = await AskAsync(
                section,
                new ShardQuery
                {
                    Section = store.Sections[section],
                    Normalization = NormalizationOf(isUnnormalized),
                    Rows = new[] { firstRow },
                    KeyCount = count,
                }
            )
            .ConfigureAwait(true);
        return MemoryMarshal.AsBytes(answer.Keys.AsSpan()).ToArray();
    }

    private static Normalization NormalizationOf(bool isUnnormalized) =>
        isUnnormalized ? Normalization.None : Normalization.L2;

    private async Task<ShardAnswer> AskAsync(int section, ShardQuery query)
    {
        InProcess<ShardAnswer> answer = await grains
            .GetGrain<IShardGrain>(section)
            .SearchAsync(new InProcess<ShardQuery>(query))
            .ConfigureAwait(true);
        return answer.Value.Problem is { } problem ? throw new InvalidDataException(problem) : answer.Value;
    }
}
