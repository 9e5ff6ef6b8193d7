namespace Tsds.Orleans.Wire;

/// <summary>A worker's description of itself: its version, its store and the sections it holds.</summary>
/// <param name="Address">Its silo.</param>
/// <param name="StoreId">The SHA-256 of its store's manifest.</param>
/// <param name="Folder">The folder of the store, as the worker was given it.</param>
/// <param name="Sections">Which sections lie below its folders, ascending.</param>
/// <param name="ManifestBytes">The length of the store's manifest.</param>
/// <param name="FitBytes">The length of each file of the embedder's fit; 0 if there is none.</param>
[GenerateSerializer, Immutable, Alias("tsds.WorkerStatus")]
internal sealed record WorkerStatus(
    [property: Id(0)] string Address,
    [property: Id(1)] string StoreId,
    [property: Id(2)] string Folder,
    [property: Id(3)] int[] Sections,
    [property: Id(4)] long ManifestBytes,
    [property: Id(5)] long[] FitBytes
);
