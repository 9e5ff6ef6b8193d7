using System.Globalization;
using Grpc.Core;
using Qdrant.Client.Grpc;
using Tsds.Data.Files;
using static Qdrant.Client.Grpc.Conditions;

namespace Tsds.Sources.Tables;

/// <summary>Marks the chosen points of a collection by a field of their payload.</summary>
/// <remarks>
/// Qdrant has no transactions. A run that is killed leaves some of the chosen points marked; another one of the same
/// selection marks the others.
/// </remarks>
/// <param name="address">The collection.</param>
/// <param name="label">Its address, for messages.</param>
/// <param name="field">The field.</param>
/// <param name="retry">Tries again what fails.</param>
internal sealed class CollectionFlags(CollectionAddress address, string label, string field, SourceRetry retry)
    : IDisposable
{
    private const int BatchPoints = 1_000;
    private const string Id = "id";

    private readonly CollectionConnection _connection = CollectionServer.Open(address);

    /// <summary>Sets the field to true for the points with some ids, and removes it from all others.</summary>
    /// <param name="ids">The ids as the lineage has them, all different.</param>
    /// <param name="replaces">True if what other points have in the field is removed.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">Points have something else in the field, or the server cannot be reached, or
    /// refuses.</exception>
    /// <exception cref="InvalidDataException">The ids are not those of as many points.</exception>
    public async Task WriteAsync(IReadOnlyList<string> ids, bool replaces, CancellationToken cancellationToken)
    {
        bool hasOwnIds = await CountAsync(Having(Id), cancellationToken).ConfigureAwait(false) > 0;
        Filter[] batches = [.. ids.Chunk(BatchPoints).Select(batch => PointsOf(batch, hasOwnIds))];
        long found = await CountAsync(batches, cancellationToken).ConfigureAwait(false);
        if (found != ids.Count)
        {
            throw new InvalidDataException(
                $"{label}: expected a point for each of {ids.Count} ids, found {found}: the collection has changed, "
                    + $"or the ids are not unique; select again."
            );
        }

        await ClearAsync(batches, replaces, cancellationToken).ConfigureAwait(false);
        Dictionary<string, Value> flag = new() { [field] = new Value { BoolValue = true } };
        foreach (Filter batch in batches)
        {
            await CallAsync(
                    () =>
                        _connection.Client.SetPayloadAsync(
                            address.Collection,
                            flag,
                            batch,
                            cancellationToken: cancellationToken
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task ClearAsync(IReadOnlyList<Filter> batches, bool replaces, CancellationToken cancellationToken)
    {
        Filter taken = Having(field);
        long count = await CountAsync(taken, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            return;
        }

        // What an earlier run of the same selection has marked is to be marked.
        Filter[] marked =
        [
            .. batches.Select(batch => new Filter { Must = { Conditions.Filter(batch), Match(field, true) } }),
        ];
        if (await CountAsync(marked, cancellationToken).ConfigureAwait(false) == count)
        {
            return;
        }

        if (!replaces)
        {
            throw new IOException(
                $"{label}: expected no field {field} in other points than those chosen, found some; replace it with "
                    + $"--force, or name another one with --field."
            );
        }

        await CallAsync(
                () =>
                    _connection.Client.DeletePayloadAsync(
                        address.Collection,
                        [field],
                        taken,
                        cancellationToken: cancellationToken
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Returns a filter for points by the ids of their rows: that in the payload, else the point's.</summary>
    private static Filter PointsOf(string[] ids, bool hasOwnIds)
    {
        HasIdCondition points = new();
        points.HasId.AddRange(ids.Where(IsPointId).Select(CollectionServer.Parse));
        Condition byPoint = new() { HasId = points };
        if (!hasOwnIds)
        {
            return new Filter { Must = { byPoint } };
        }

        long[] numbers =
        [
            .. ids.Select(id => long.TryParse(id, CultureInfo.InvariantCulture, out long number) ? number : (long?)null)
                .OfType<long>(),
        ];
        Filter found = new()
        {
            Should = { Match(Id, ids), Conditions.Filter(new Filter { Must = { IsEmpty(Id), byPoint } }) },
        };
        if (numbers.Length > 0)
        {
            found.Should.Add(Match(Id, numbers));
        }

        return found;
    }

    private static bool IsPointId(string id) =>
        ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) || Guid.TryParse(id, out _);

    private static Filter Having(string field) => new() { MustNot = { IsEmpty(field) } };

    private async Task<long> CountAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (Filter filter in filters)
        {
            count += await CountAsync(filter, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private async Task<long> CountAsync(Filter filter, CancellationToken cancellationToken) =>
        (long)
            await CallAsync(
                    () =>
                        _connection.Client.CountAsync(
                            address.Collection,
                            filter,
                            exact: true,
                            cancellationToken: cancellationToken
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);

    private Task<TResult> CallAsync<TResult>(Func<Task<TResult>> call, CancellationToken cancellationToken) =>
        retry.RunAsync(
            label,
            async () =>
            {
                try
                {
                    return await call().ConfigureAwait(false);
                }
                catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
                {
                    throw CollectionServer.Explain(address, label, "written", exception);
                }
            },
            cancellationToken
        );
}
