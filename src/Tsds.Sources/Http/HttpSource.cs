using System.Net;
using System.Net.Http.Headers;
using Tsds.Data.Files;

namespace Tsds.Sources.Http;

/// <summary>Files at <c>https://</c> addresses, each on its own.</summary>
/// <param name="web">Sends the requests; owned.</param>
internal sealed class HttpSource(WebRequests web) : IFileSource
{
    public bool Serves(string scheme) => scheme is "https" or "http";

    public string RootOf(string address) => address;

    public async Task<RemoteFile?> FindAsync(string address, CancellationToken cancellationToken)
    {
        Uri url = UrlOf(address);
        using HttpResponseMessage response = await web.SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(0, 0) } },
                cancellationToken
            )
            .ConfigureAwait(false);
        WebRequests.CheckPassing(response);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => null,
            HttpStatusCode.PartialContent => new RemoteFile
            {
                Address = address,
                Location = url.AbsoluteUri,
                Bytes =
                    response.Content.Headers.ContentRange?.Length
                    ?? throw new SourceException(
                        $"{address}: expected a size, found a server that does not say it; copy the file first."
                    ),
                Version = WebRequests.VersionOf(response),
            },

            // A server without ranges; and the answer of one with them to an empty file.
            HttpStatusCode.OK or HttpStatusCode.RequestedRangeNotSatisfiable => new RemoteFile
            {
                Address = address,
                Location = url.AbsoluteUri,
                Bytes =
                    response.StatusCode == HttpStatusCode.OK
                        ? response.Content.Headers.ContentLength
                            ?? throw new SourceException(
                                $"{address}: expected a size, found a server that does not say it; copy the file first."
                            )
                        : 0,
                Version = WebRequests.VersionOf(response),
                HasRanges = false,
            },
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new SourceException(
                $"{address}: expected a file that anybody may read, found that the server refuses it "
                    + $"({(int)response.StatusCode}); copy it first, or read it by hf:// or s3://, which take "
                    + $"credentials from the environment."
            ),
            _ => throw new SourceException(
                $"{address}: expected a file, found the answer {(int)response.StatusCode} {response.ReasonPhrase}."
            ),
        };
    }

    public Task<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RemoteFile>>([]);

    public Task<Stream> OpenAsync(RemoteFile file, long offset, long count, CancellationToken cancellationToken) =>
        web.OpenAsync(
            file,
            () => new HttpRequestMessage(HttpMethod.Get, file.Location),
            offset,
            count,
            cancellationToken
        );

    public void Dispose() => web.Dispose();

    private static Uri UrlOf(string address)
    {
        if (AddressSecrets.HasUser(address))
        {
            throw new ArgumentException(
                $"{AddressSecrets.Hide(address)}: expected an address without a password, found one in it, which the "
                    + $"manifest would show; read the file by hf:// or s3://, or copy it first."
            );
        }

        if (AddressSecrets.HasPassword(address))
        {
            throw new ArgumentException(
                $"{AddressSecrets.Hide(address)}: expected an address without secrets, found a signature or a token "
                    + $"behind the question mark, which the manifest would show; read the file by hf:// or s3://, or "
                    + $"copy it first."
            );
        }

        return Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && url.Host.Length > 0
            ? url
            : throw new ArgumentException($"Expected an address such as https://HOST/FILE.jsonl, found '{address}'.");
    }
}
