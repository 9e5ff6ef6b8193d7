using System.Globalization;
using Grpc.Core;
using Qdrant.Client.Grpc;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>The connection to the Qdrant server of a collection.</summary>
internal static class CollectionServer
{
    /// <summary>Opens a connection, with the key of the environment.</summary>
    public static CollectionConnection Open(CollectionAddress address) =>
        new(address, Environment.GetEnvironmentVariable("QDRANT_API_KEY"));

    /// <summary>Returns the id of a point as text.</summary>
    public static string Text(PointId id) => id.HasNum ? id.Num.ToString(CultureInfo.InvariantCulture) : id.Uuid;

    /// <summary>Returns the id of a point that a text is.</summary>
    public static PointId Parse(string id) =>
        ulong.TryParse(id, CultureInfo.InvariantCulture, out ulong number)
            ? new PointId { Num = number }
            : new PointId { Uuid = id };

    /// <summary>Converts what the server or the connection to it says.</summary>
    /// <param name="address">The collection.</param>
    /// <param name="label">Its address, for messages.</param>
    /// <param name="right">What has to be allowed: "read" or "written".</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="hasProgressed">True if the next try has less to do.</param>
    public static SourceException Explain(
        CollectionAddress address,
        string label,
        string right,
        RpcException exception,
        bool hasProgressed = false
    ) =>
        exception.StatusCode switch
        {
            StatusCode.NotFound => new SourceException(
                $"{label}: expected the collection {address.Collection}, found none of that name.",
                exception
            ),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => new SourceException(
                $"{label}: expected a collection that may be {right}, found that the server refuses it; "
                    + $"set QDRANT_API_KEY.",
                exception
            ),
            StatusCode.InvalidArgument or StatusCode.Unimplemented => new SourceException(
                $"{label}: expected an answer, found that the server does not understand the request "
                    + $"({exception.StatusCode}).",
                exception
            ),
            _ => new SourceException(
                $"{address.Host}:{address.Port} does not answer ({exception.StatusCode})",
                exception
            )
            {
                IsPassing = true,
                HasProgressed = hasProgressed,
            },
        };
}
