using System.Runtime.InteropServices;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Workers;

/// <summary>The points that a search looks from, and the rows that it counts, as a client has sent them.</summary>
/// <param name="Points">The points.</param>
/// <param name="Population">The numbers of the rows whose densities count; null for all rows.</param>
internal sealed record SearchPoints(EmbeddingMatrix Points, ReadOnlyMemory<long>? Population)
{
    /// <summary>Finds what a request refers to.</summary>
    /// <exception cref="InvalidDataException">It is not here any longer.</exception>
    public static SearchPoints Of(SearchRequest request, BlobStore blobs) =>
        new(
            new EmbeddingMatrix(
                MemoryMarshal.Cast<byte, float>(Find(request.Points, blobs)).ToArray(),
                request.Dimension
            ),
            request.Population is { } population
                ? MemoryMarshal.Cast<byte, long>(Find(population, blobs)).ToArray()
                : default(ReadOnlyMemory<long>?)
        );

    private static byte[] Find(string id, BlobStore blobs) =>
        blobs.Get(id)
        ?? throw new InvalidDataException(
            "Expected the points of the request, found that they were evicted; send them again."
        );
}
