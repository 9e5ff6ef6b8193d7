using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace Tsds.Sources.Tables;

/// <summary>A connection to a Qdrant server.</summary>
/// <remarks>
/// The library's own connection takes answers of at most 4 MB, which 2,000 points with vectors of 512 numbers exceed.
/// </remarks>
internal sealed class CollectionConnection : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly QdrantGrpcClient _calls;

    /// <summary>Initializes a connection, which is made when the first request is sent.</summary>
    /// <param name="address">The collection.</param>
    /// <param name="key">The key of the server, or null for none.</param>
    public CollectionConnection(CollectionAddress address, string? key)
    {
        string scheme = address.IsEncrypted ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        _channel = GrpcChannel.ForAddress(
            new UriBuilder(scheme, address.Host, address.Port).Uri,
            new GrpcChannelOptions { MaxReceiveMessageSize = null }
        );
        CallInvoker calls = string.IsNullOrEmpty(key)
            ? _channel.CreateCallInvoker()
            : _channel.Intercept(headers =>
            {
                headers.Add("api-key", key);
                return headers;
            });
        _calls = new QdrantGrpcClient(calls);
        Client = new QdrantClient(_calls);
    }

    /// <summary>Gets the client that sends requests.</summary>
    public QdrantClient Client { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _calls.Dispose();
        _channel.Dispose();
    }
}
