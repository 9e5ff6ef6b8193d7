namespace Tsds.Orleans.Wire;

/// <summary>One worker of the cluster; the key is the address of its silo.</summary>
[Alias("tsds.IWorkerGrain")]
internal interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Returns the worker's status and the part of the store it holds.</summary>
    [Alias("Describe")]
    Task<WorkerStatus> DescribeAsync();

    /// <summary>Reads a piece of the store's manifest, or of its embedder's fit.</summary>
    /// <param name="fit">The number of the fit's file, or null for the manifest.</param>
    /// <param name="offset">Where the piece begins.</param>
    [Alias("ReadStoreFile")]
    Task<byte[]> ReadStoreFileAsync(int? fit, long offset);

    /// <summary>Returns how many bytes of a blob have been received, so that the upload can resume there.</summary>
    /// <returns>The bytes that are there.</returns>
    [Alias("BlobLength")]
    Task<long> BlobLengthAsync(string id);

    /// <summary>Appends a piece to a blob, which is named by its SHA-256.</summary>
    /// <param name="id">The name.</param>
    /// <param name="length">The length of the whole blob.</param>
    /// <param name="offset">Where the piece belongs: at the end of what is there.</param>
    /// <param name="piece">The piece.</param>
    [Alias("PutBlob")]
    Task PutBlobAsync(string id, long length, long offset, byte[] piece);

    /// <summary>Starts a search, unless a search with this id is already running.</summary>
    [Alias("Start")]
    Task StartAsync(SearchRequest request);

    /// <summary>
    /// Long-polls the progress of a search, which also keeps it alive. Returns when the search is done, when there are
    /// new distances for other workers, or after a time limit.
    /// </summary>
    /// <param name="id">The id of the search.</param>
    /// <param name="farthest">Squared distances beyond which other workers have made neighbors useless; null if
    /// nothing is new.</param>
    [Alias("Poll")]
    Task<SearchState> PollAsync(string id, double[]? farthest);

    /// <summary>Returns the next rows of an answer.</summary>
    [Alias("Fetch")]
    Task<AnswerChunk> FetchAsync(string id, int firstRow);

    /// <summary>Ends a search and releases its answer.</summary>
    [Alias("Close")]
    Task CloseAsync(string id);

    /// <summary>Reads embeddings of one section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isUnnormalized">True to read them without normalizing.</param>
    /// <param name="rows">Rows of the section.</param>
    /// <returns>The embeddings one after the other.</returns>
    /// <exception cref="InvalidDataException">The section cannot be read here; the message says why.</exception>
    [Alias("ReadEmbeddings")]
    Task<float[]> ReadEmbeddingsAsync(int section, bool isUnnormalized, int[] rows);

    /// <summary>Reads keys of the embeddings of consecutive rows of one section, 16 bytes each.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isUnnormalized">True to read the embeddings without normalizing.</param>
    /// <param name="firstRow">The first row of the section.</param>
    /// <param name="count">How many.</param>
    /// <returns>The keys one after the other.</returns>
    /// <exception cref="InvalidDataException">The section cannot be read here; the message says why.</exception>
    [Alias("ReadKeys")]
    Task<byte[]> ReadKeysAsync(int section, bool isUnnormalized, long firstRow, int count);
}
