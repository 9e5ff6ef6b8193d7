using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Qdrant.Client;
using Qdrant.Client.Grpc;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>Copies a collection of Qdrant to a folder, in chunks of points in the order of their ids.</summary>
/// <remarks>
/// Qdrant has no snapshot to read from, and no version of a collection: a copy that is complete counts as the
/// collection until the number of points is another one, and one that was stopped goes on behind its last chunk.
/// </remarks>
/// <param name="address">The collection.</param>
/// <param name="label">Its address, for messages.</param>
/// <param name="folder">The folder of the copy, which exists and is locked.</param>
/// <param name="notice">Receives a line for each chunk; may be null.</param>
internal sealed class CollectionCopy(CollectionAddress address, string label, string folder, Action<string>? notice)
{
    private const int ChunkPoints = 2_000;

    private readonly CopyFolder _folder = new(folder);

    /// <summary>Brings the copy up to date.</summary>
    /// <returns>The digest of all rows.</returns>
    /// <exception cref="SourceException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidDataException">The collection is not usable.</exception>
    public async Task<string> UpdateAsync(CancellationToken cancellationToken)
    {
        using CollectionConnection connection = CollectionServer.Open(address);
        QdrantClient client = connection.Client;
        int copied = 0;
        try
        {
            long count = (long)
                await client
                    .CountAsync(address.Collection, exact: true, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            List<TableChunk> chunks = Known(count);
            while (chunks.Count == 0 || chunks[^1].Last.Length > 0)
            {
                TableChunk? chunk = await CopyChunkAsync(client, chunks, cancellationToken).ConfigureAwait(false);
                if (chunk is null)
                {
                    break;
                }

                chunks.Add(chunk);
                copied++;
                long rows = chunks.Sum(done => (long)done.Rows);
                notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{label}: {rows:N0} points copied"));
            }

            return chunks.Count > 0
                ? _folder.Join(chunks)
                : throw new InvalidDataException($"{label}: expected at least one point, found none.");
        }
        catch (RpcException exception)
        {
            throw CollectionServer.Explain(address, label, "read", exception, hasProgressed: copied > 0);
        }
    }

    private List<TableChunk> Known(long count)
    {
        List<TableChunk> chunks = [];
        while (_folder.Find(chunks.Count) is { } chunk)
        {
            chunks.Add(chunk);
        }

        bool isComplete = chunks.Count > 0 && chunks[^1].Last.Length == 0;
        if (isComplete && chunks.Sum(chunk => (long)chunk.Rows) != count)
        {
            _folder.RemoveFrom(0);
            return [];
        }

        return chunks;
    }

    private async Task<TableChunk?> CopyChunkAsync(
        QdrantClient client,
        List<TableChunk> chunks,
        CancellationToken cancellationToken
    )
    {
        string? after = chunks.Count > 0 ? chunks[^1].Last : null;
        ScrollResponse page = await client
            .ScrollAsync(
                address.Collection,
                limit: ChunkPoints,
                offset: after is null ? null : CollectionServer.Parse(after),
                payloadSelector: true,
                vectorsSelector: true,
                cancellationToken: cancellationToken
            )
            .ConfigureAwait(false);
        if (page.Result.Count == 0)
        {
            return null;
        }

        int rows;
        int dimension;
        using (ChunkWriter writer = _folder.Write(chunks.Count, label))
        {
            foreach (RetrievedPoint point in page.Result)
            {
                string id = CollectionServer.Text(point.Id);
                writer.Add(id, RowOf(point, id), VectorOf(point, id));
            }

            (rows, dimension) = (writer.Count, writer.Dimension);
        }

        if (chunks.Count > 0 && dimension != chunks[0].Dimension)
        {
            throw new InvalidDataException(
                $"{label}: expected vectors of {chunks[0].Dimension} numbers, found some of {dimension}; name one "
                    + $"vector with ?vector=NAME."
            );
        }

        string next = page.NextPageOffset is { } offset ? CollectionServer.Text(offset) : "";
        TableChunk chunk = new(after, next, rows, dimension, _folder.DigestOf(chunks.Count));
        _folder.Finish(chunks.Count, chunk);
        return chunk;
    }

    private static byte[] RowOf(RetrievedPoint point, string id)
    {
        JsonObject row = [];
        foreach ((string name, Value value) in point.Payload.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (!FlagField.IsFlag(name))
            {
                row[name] = Json(value);
            }
        }

        // The payload has the word where it has an id of its own.
        row.TryAdd("id", JsonValue.Create(id));
        return Encoding.UTF8.GetBytes(row.ToJsonString());
    }

    private static JsonNode? Json(Value value) =>
        value.KindCase switch
        {
            Value.KindOneofCase.StringValue => JsonValue.Create(value.StringValue),
            Value.KindOneofCase.IntegerValue => JsonValue.Create(value.IntegerValue),
            Value.KindOneofCase.DoubleValue => JsonValue.Create(value.DoubleValue),
            Value.KindOneofCase.BoolValue => JsonValue.Create(value.BoolValue),
            Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(Json)]),
            Value.KindOneofCase.StructValue => new JsonObject(
                value
                    .StructValue.Fields.OrderBy(field => field.Key, StringComparer.Ordinal)
                    .Select(field => KeyValuePair.Create(field.Key, Json(field.Value)))
            ),
            _ => null,
        };

    private float[] VectorOf(RetrievedPoint point, string id)
    {
        VectorOutput? vector = address.Vector is null
            ? point.Vectors?.Vector
            : point.Vectors?.Vectors?.Vectors.GetValueOrDefault(address.Vector);
        if (vector is null)
        {
            IEnumerable<string> known = point.Vectors?.Vectors?.Vectors.Keys ?? Enumerable.Empty<string>();
            string names = string.Join(", ", known.Order(StringComparer.Ordinal));
            throw new InvalidDataException(
                names.Length > 0
                    ? $"{label}: expected one vector for each point, found {names}; name one with ?vector=NAME."
                    : $"{label}: expected a vector at the point {id}, found none."
            );
        }

#pragma warning disable CS0612, CS0618 // Servers before 1.16 send the numbers here.
        return vector.Dense is { } dense ? [.. dense.Data] : [.. vector.Data];
#pragma warning restore CS0612, CS0618
    }
}
