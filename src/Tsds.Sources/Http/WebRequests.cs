using System.Net;
using System.Net.Http.Headers;
using Tsds.Data.Files;

namespace Tsds.Sources.Http;

/// <summary>Requests over HTTP, whose failures say whether the same may succeed later.</summary>
/// <remarks>What is sent to a server in a header that authorizes is not sent on to where it redirects.</remarks>
internal sealed class WebRequests : IDisposable
{
    private const int MostRedirects = 8;

    private readonly bool _allowsHttp;
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("tsds", "1.0") } },
    };

    /// <summary>Initializes a client.</summary>
    /// <param name="allowsHttp">True if other machines may be asked without encryption.</param>
    public WebRequests(bool allowsHttp)
    {
        _allowsHttp = allowsHttp;
    }

    /// <summary>Throws if an address would be read without encryption from another machine.</summary>
    /// <exception cref="ArgumentException">It would.</exception>
    public static void CheckScheme(Uri url, bool allowsHttp)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback && !allowsHttp)
        {
            throw new ArgumentException(
                $"{url.GetLeftPart(UriPartial.Path)}: expected an address that begins with https://, found http://, "
                    + $"which anybody on the way can read and change; allow it with --allow-http."
            );
        }
    }

    /// <summary>Sends a request, and follows where it is redirected to.</summary>
    /// <param name="create">Creates the request; called again for each redirection.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The last answer, whatever its status, with its head alone read.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> create,
        CancellationToken cancellationToken
    )
    {
        HttpRequestMessage request = create();
        Uri url = request.RequestUri!;
        for (int redirects = 0; ; redirects++)
        {
            CheckScheme(url, _allowsHttp);
            request.RequestUri = url;
            HttpResponseMessage response;
            try
            {
                response = await _client
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (HttpRequestException exception)
            {
                throw new SourceException($"{url.Host} cannot be reached: {exception.Message}", exception)
                {
                    IsPassing = true,
                };
            }
            finally
            {
                request.Dispose();
            }

            if (!IsRedirection(response) || redirects == MostRedirects)
            {
                return response;
            }

            Uri next = new(url, response.Headers.Location!);
            request = create();
            if (next.Scheme != url.Scheme || next.Authority != url.Authority)
            {
                request.Headers.Authorization = null;
            }

            url = next;
            response.Dispose();
        }
    }

    /// <summary>Opens a part of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="create">Creates a request for all of it.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">The bytes from there.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Stream> OpenAsync(
        RemoteFile file,
        Func<HttpRequestMessage> create,
        long offset,
        long count,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response = await SendAsync(
                () =>
                {
                    HttpRequestMessage request = create();
                    if (file.HasRanges)
                    {
                        request.Headers.Range = new RangeHeaderValue(offset, offset + count - 1);
                    }

                    return request;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        try
        {
            Check(file, response, offset, count);
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Returns the ETag of an answer, else the time of the last change, else null.</summary>
    public static string? VersionOf(HttpResponseMessage response) =>
        response.Headers.ETag?.ToString() ?? response.Content.Headers.LastModified?.ToString("R");

    /// <summary>Throws if an answer is that of a server in trouble.</summary>
    /// <exception cref="SourceException">It is; the same may succeed later.</exception>
    public static void CheckPassing(HttpResponseMessage response)
    {
        if (
            (int)response.StatusCode >= 500
            || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        )
        {
            RetryConditionHeaderValue? after = response.Headers.RetryAfter;
            throw new SourceException($"the server answered {(int)response.StatusCode} {response.ReasonPhrase}")
            {
                IsPassing = true,
                After = after?.Delta ?? (after?.Date is { } date ? Positive(date - DateTimeOffset.UtcNow) : null),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;

    private static void Check(RemoteFile file, HttpResponseMessage response, long offset, long count)
    {
        CheckPassing(response);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw SourceException.Changed(file, $"the server answered {(int)response.StatusCode}");
        }

        HttpStatusCode expected = file.HasRanges ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        if (response.StatusCode != expected)
        {
            throw new SourceException(
                $"{file.Address}: expected bytes {offset} to {offset + count - 1}, found the answer "
                    + $"{(int)response.StatusCode} {response.ReasonPhrase}; look whether the file can still be read."
            );
        }

        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        long? total = file.HasRanges ? range?.Length : response.Content.Headers.ContentLength;
        if (total is { } bytes && bytes != file.Bytes)
        {
            throw SourceException.Changed(file, $"{bytes} bytes");
        }

        if (file.HasRanges && (range?.From != offset || range?.To != offset + count - 1))
        {
            throw new SourceException($"the server sent bytes {range} where {offset} and on were asked for")
            {
                IsPassing = true,
            };
        }

        // An ETag belongs to the server that listed the file; where it redirects to has its own.
        if (
            file.Version is not null
            && file.ContentId is null
            && VersionOf(response) is { } found
            && found != file.Version
        )
        {
            throw SourceException.Changed(file, SourceException.Describe(found, file.Bytes));
        }
    }

    private static bool IsRedirection(HttpResponseMessage response) =>
        response.StatusCode
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is not null;
}
