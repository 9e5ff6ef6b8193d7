using System.Web;
using Tsds.Sources.Http;

namespace Tsds.Sources.Tables;

/// <summary>An address of a collection: <c>qdrant://HOST[:PORT]/COLLECTION[?vector=NAME]</c>.</summary>
/// <param name="Host">The server.</param>
/// <param name="Port">The port of its gRPC interface.</param>
/// <param name="IsEncrypted">True if it is asked with encryption.</param>
/// <param name="Collection">The collection.</param>
/// <param name="Vector">The name of the vector, or null for the only one.</param>
internal sealed record CollectionAddress(string Host, int Port, bool IsEncrypted, string Collection, string? Vector)
{
    public const string Scheme = "qdrant";

    private const int DefaultPort = 6334;

    /// <summary>Parses an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="allowsHttp">True if other machines may be asked without encryption.</param>
    /// <exception cref="ArgumentException">It is not complete.</exception>
    public static CollectionAddress Parse(string address, bool allowsHttp)
    {
        if (AddressSecrets.HasPassword(address) || AddressSecrets.HasUser(address))
        {
            throw new ArgumentException(
                $"{AddressSecrets.Hide(address)}: expected an address without a key, found one in it, which the "
                    + $"manifest would show; set QDRANT_API_KEY."
            );
        }

        bool isAddress = Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && url.Host.Length > 0;
        string[] path = isAddress ? url!.AbsolutePath.Trim('/').Split('/') : [];
        return path is [{ Length: > 0 } collection]
            ? new CollectionAddress(
                url!.Host,
                url.Port > 0 ? url.Port : DefaultPort,
                !url.IsLoopback && !allowsHttp,
                Uri.UnescapeDataString(collection),
                HttpUtility.ParseQueryString(url.Query)["vector"]
            )
            : throw new ArgumentException(
                $"Expected qdrant://HOST[:PORT]/COLLECTION[?vector=NAME], found '{address}'; a key is given in "
                    + $"QDRANT_API_KEY."
            );
    }
}
