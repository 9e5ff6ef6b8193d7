using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;

namespace Tsds.Sources.S3;

/// <summary>The clients of object storage, opened when they are first used.</summary>
/// <param name="settings">The server.</param>
/// <param name="retries">How often a request is sent again by the client itself.</param>
internal sealed class S3Clients(S3Settings settings, int retries) : IDisposable
{
    private const string DefaultRegion = "us-east-1";

    // Where the keys of the usual tools come from; without any of them, requests are not signed.
    private static readonly string[] KeyVariables =
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];

    private readonly ConcurrentDictionary<string, AmazonS3Client> _clients = new(StringComparer.Ordinal);

    /// <summary>Gets a value indicating whether requests are signed.</summary>
    public static bool HasKeys
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string file = ValueOf("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(home, ".aws", "credentials");
            return KeyVariables.Any(name => ValueOf(name) is not null) || File.Exists(file);
        }
    }

    /// <summary>Returns the client of a namespace.</summary>
    /// <param name="name">The namespace; empty where the server has none.</param>
    public AmazonS3Client Of(string name) => _clients.GetOrAdd(name, Open);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AmazonS3Client client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private static string? ValueOf(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private AmazonS3Client Open(string name)
    {
        string region = ValueOf("AWS_REGION") ?? ValueOf("AWS_DEFAULT_REGION") ?? DefaultRegion;
        AmazonS3Config config = new()
        {
            MaxErrorRetry = retries,
            Timeout = Timeout.InfiniteTimeSpan,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = name.Length > 0 ? $"{endpoint.AbsoluteUri.TrimEnd('/')}/{name}" : endpoint.AbsoluteUri;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region;
            config.UseHttp = endpoint.Scheme == Uri.UriSchemeHttp;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return new AmazonS3Client(
            HasKeys ? DefaultAWSCredentialsIdentityResolver.GetCredentials() : new AnonymousAWSCredentials(),
            config
        );
    }
}
