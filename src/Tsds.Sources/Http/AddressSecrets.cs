namespace Tsds.Sources.Http;

/// <summary>
/// Passwords, keys and signatures in addresses, also in those that are no complete ones: what has them is refused,
/// because manifests and messages show addresses.
/// </summary>
internal static class AddressSecrets
{
    // What databases, and links that are signed for their owner, have behind the question mark.
    private static readonly string[] Names =
    [
        "signature",
        "sig",
        "token",
        "access_token",
        "x-amz-signature",
        "x-amz-security-token",
        "x-goog-signature",
        "key",
        "api_key",
        "api-key",
        "apikey",
        "password",
        "passwd",
        "sslpassword",
        "secret",
    ];

    /// <summary>Determines whether an address has a password before its server, or a secret in its query.</summary>
    public static bool HasPassword(string address)
    {
        int query = address.IndexOf('?', StringComparison.Ordinal);
        return UserOf(address).Contains(':', StringComparison.Ordinal)
            || (query >= 0 && address[(query + 1)..].Split('&').Any(part => Array.IndexOf(Names, NameOf(part)) >= 0));
    }

    /// <summary>Determines whether something stands before the server of an address.</summary>
    public static bool HasUser(string address) => UserOf(address).Length > 0;

    /// <summary>Returns an address without what stands before its server and without its query.</summary>
    public static string Hide(string address)
    {
        (string scheme, string rest) = Split(address);
        return scheme + rest[(EndOfUser(rest) + 1)..].Split('?')[0];
    }

    /// <summary>Throws if the address of a server has something before it.</summary>
    /// <param name="server">The server.</param>
    /// <exception cref="ArgumentException">It has.</exception>
    public static void CheckServer(string server)
    {
        if (HasUser(server))
        {
            throw new ArgumentException(
                $"{Hide(server)}: expected the address of a server without a password, found one in it, which "
                    + $"messages would show; credentials are read from HF_TOKEN and the AWS variables."
            );
        }
    }

    private static string NameOf(string part) => part.Split('=')[0].Trim().ToLowerInvariant();

    private static string UserOf(string address)
    {
        string rest = Split(address).Remainder;
        return rest[..Math.Max(0, EndOfUser(rest))];
    }

    private static (string Scheme, string Remainder) Split(string address)
    {
        int end = address.IndexOf("://", StringComparison.Ordinal);
        int start = end < 0 ? 0 : end + 3;
        return (address[..start], address[start..]);
    }

    /// <summary>Returns where the at sign before a server is; below 0 if there is none.</summary>
    /// <remarks>
    /// A password may have a slash or a question mark, which should have been escaped: behind HOST: come digits alone.
    /// </remarks>
    private static int EndOfUser(string rest)
    {
        int path = rest.IndexOfAny(['/', '?']);
        string server = path < 0 ? rest : rest[..path];
        int colon = server.IndexOf(':', StringComparison.Ordinal);
        bool isPort = colon < 0 || server[(colon + 1)..].All(char.IsAsciiDigit);
        int end = server.LastIndexOf('@');
        return end >= 0 || isPort ? end : rest.LastIndexOf('@');
    }
}
