namespace Tsds.Orleans.Wire;

/// <summary>One worker; the key is its silo's address.</summary>
[Alias("tsds.IWorkerGrain")]
internal interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Tells what the worker holds.</summary>
    [Alias("Describe")]
    Task<WorkerStatus> DescribeAsync();

    /// <summary>Reads a piece of the store's manifest, or of its embedder's fit.</summary>
    [Alias("ReadStoreFile")]
    Task<byte[]> ReadStoreFileAsync(bool isFit, long offset);

    /// <summary>Finds out where a blob has to be gone on with.</summary>
    /// <returns>The bytes that are there.</returns>
    [Alias("BlobLength")]
    Task<long> BlobLengthAsync(string id);

    /// <summary>Appends to a blob, which is named by its SHA-256.</summary>
    /// <param name="id">The name.</param>
    /// <param name="length">The length of the whole blob.</param>
    /// <param name="offset">Where the piece belongs: at the end of what is there.</param>
    /// <param name="piece">The piece.</param>
    [Alias("PutBlob")]
    Task PutBlobAsync(string id, long length, long offset, byte[] piece);

    /// <summary>Begins an order, unless it is known.</summary>
    [Alias("Start")]
    Task StartAsync(SearchRequest order);

    /// <summary>
    /// Asks for an order that is under way, which keeps it alive. Answers when it is done, when there is news for other
    /// workers, or after a while.
    /// </summary>
    /// <param name="id">The order.</param>
    /// <param name="farthest">Squared distances beyond which other workers have made neighbors useless; null where
    /// nothing is new.</param>
    [Alias("Poll")]
    Task<SearchState> PollAsync(string id, double[]? farthest);

    /// <summary>Fetches the next rows of an answer.</summary>
    [Alias("Fetch")]
    Task<AnswerChunk> FetchAsync(string id, int firstRow);

    /// <summary>Lets go of an order.</summary>
    [Alias("Close")]
    Task CloseAsync(string id);

    /// <summary>Reads embeddings of one section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isUnnormalized">Whether they are taken as they are.</param>
    /// <param name="rows">Rows of the section.</param>
    /// <returns>The embeddings one after the other; null where the section cannot be read here.</returns>
    [Alias("ReadEmbeddings")]
    Task<float[]?> ReadEmbeddingsAsync(int section, bool isUnnormalized, int[] rows);
}
