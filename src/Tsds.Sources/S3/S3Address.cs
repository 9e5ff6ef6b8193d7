using Tsds.Sources.Http;

namespace Tsds.Sources.S3;

/// <summary>An address in object storage: <c>s3://BUCKET/KEY</c>.</summary>
/// <param name="Namespace">What of it is part of the server's address, as in the hub's buckets; else empty.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key; empty for all of the bucket.</param>
internal sealed record S3Address(string Namespace, string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>Gets the beginning of all addresses in the bucket, with its slash.</summary>
    public string Root => Namespace.Length > 0 ? $"{Scheme}{Namespace}/{Bucket}/" : $"{Scheme}{Bucket}/";

    /// <summary>Parses an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="hasNamespace">True if a namespace stands before the bucket.</param>
    /// <exception cref="ArgumentException">It is not complete.</exception>
    public static S3Address Parse(string address, bool hasNamespace)
    {
        if (AddressSecrets.HasUser(address))
        {
            throw new ArgumentException(
                $"{AddressSecrets.Hide(address)}: expected an address without keys, found some before the bucket, "
                    + $"which the manifest would show; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            );
        }

        string[] parts = address[Scheme.Length..].Split('/', hasNamespace ? 3 : 2);
        if (parts.Length < (hasNamespace ? 2 : 1) || parts[0].Length == 0 || (hasNamespace && parts[1].Length == 0))
        {
            throw new ArgumentException(
                hasNamespace
                    ? $"Expected hf://buckets/ORG/NAME[/PATH], found 'hf://buckets/{address[Scheme.Length..]}'."
                    : $"Expected s3://BUCKET[/PREFIX], found '{address}'."
            );
        }

        return hasNamespace
            ? new S3Address(parts[0], parts[1], parts.Length > 2 ? parts[2] : "")
            : new S3Address("", parts[0], parts.Length > 1 ? parts[1] : "");
    }
}
