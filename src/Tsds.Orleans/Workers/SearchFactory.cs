using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>Makes the searches that a worker is asked for, over the rows that it holds.</summary>
internal sealed class SearchFactory(
    LocalStore store,
    BlobStore blobs,
    IGrainFactory grains,
    WorkerMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Makes a search, which does not run yet.</summary>
    /// <exception cref="InvalidDataException">What it refers to is not here.</exception>
    public RunningSearch Create(SearchRequest request) =>
        new(request, SearchPoints.Of(request, blobs), store, grains, metrics, time);
}
