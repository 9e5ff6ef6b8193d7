using Tsds.Sources.Http;

namespace Tsds.Sources.S3;

/// <summary>The server of <c>s3://</c> addresses and how it is asked.</summary>
/// <param name="Endpoint">The server, or null for Amazon's.</param>
/// <param name="IsGateway">True if the first part of a bucket's name is part of the server's address.</param>
internal sealed record S3Settings(Uri? Endpoint, bool IsGateway = false)
{
    private const string HubGateway = "https://s3.hf.co";

    /// <summary>Returns the settings of <c>s3://</c> addresses.</summary>
    /// <exception cref="ArgumentException">The server would be asked without encryption.</exception>
    public static S3Settings Of(SourceOptions options) =>
        new(
            Check(
                options.Endpoint ?? FromEnvironment("AWS_ENDPOINT_URL_S3") ?? FromEnvironment("AWS_ENDPOINT_URL"),
                options
            )
        );

    /// <summary>Returns the settings of <c>hf://buckets/</c> addresses.</summary>
    /// <exception cref="ArgumentException">The server would be asked without encryption.</exception>
    public static S3Settings Gateway(SourceOptions options) =>
        new(Check(options.Endpoint ?? new Uri(HubGateway), options), IsGateway: true);

    private static Uri? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url
        : throw new ArgumentException($"Expected a URL such as https://HOST in {name}, found something else.");

    private static Uri? Check(Uri? endpoint, SourceOptions options)
    {
        if (endpoint is not null)
        {
            AddressSecrets.CheckServer(endpoint.OriginalString);
            WebRequests.CheckScheme(endpoint, options.AllowsHttp);
        }

        return endpoint;
    }
}
