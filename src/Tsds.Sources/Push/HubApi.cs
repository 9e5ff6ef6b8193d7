using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Files;
using Tsds.Sources.Http;
using Tsds.Sources.Hub;

namespace Tsds.Sources.Push;

/// <summary>Requests to the hub's API in the name of one token, and what is read from the answers.</summary>
internal sealed class HubApi : IDisposable
{
    private readonly string _root;
    private readonly string _token;
    private readonly WebRequests _web;
    private readonly SourceRetry _retry;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares requests.</summary>
    /// <param name="root">The address of the dataset, for messages.</param>
    /// <param name="token">The token.</param>
    /// <param name="options">How the hub is reached.</param>
    /// <param name="cancellationToken">Stops every request.</param>
    public HubApi(string root, string token, SourceOptions options, CancellationToken cancellationToken)
    {
        _root = root;
        _token = token;
        _web = new WebRequests(options.AllowsHttp);
        Endpoint = HubSource.EndpointOf(options);
        _retry = options.CreateRetry();
        _cancellation = cancellationToken;
    }

    /// <summary>Gets the address of the hub.</summary>
    public string Endpoint { get; }

    public void Dispose() => _web.Dispose();

    /// <summary>Returns what makes the content of a request, anew for each try.</summary>
    /// <param name="body">The content.</param>
    /// <param name="type">Its type.</param>
    public static Func<HttpContent> Json(JsonObject body, string type = "application/json")
    {
        string text = body.ToJsonString();
        return () =>
        {
            StringContent content = new(text, Encoding.UTF8);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            return content;
        };
    }

    /// <summary>Sends a request, several times where the network or the hub fails in passing.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="content">What makes its content.</param>
    /// <param name="alsoFine">An answer beside success that is none of failure.</param>
    /// <exception cref="SourceException">The hub refuses.</exception>
    public Task<JsonObject> SendAsync(string url, Func<HttpContent> content, HttpStatusCode? alsoFine = null) =>
        _retry.RunAsync(
            _root,
            async () =>
            {
                using HttpResponseMessage response = await _web.SendAsync(
                        () =>
                        {
                            HttpRequestMessage request = new(HttpMethod.Post, url) { Content = content() };

                            // What the hub names may lie elsewhere, where its token is nobody's business.
                            if (new Uri(url).Authority == new Uri(Endpoint).Authority)
                            {
                                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
                            }

                            request.Headers.Accept.Add(
                                new MediaTypeWithQualityHeaderValue(request.Content.Headers.ContentType!.MediaType!)
                            );
                            return request;
                        },
                        _cancellation
                    )
                    .ConfigureAwait(false);
                WebRequests.CheckPassing(response);
                string body = await response.Content.ReadAsStringAsync(_cancellation).ConfigureAwait(false);
                if (response.IsSuccessStatusCode || response.StatusCode == alsoFine)
                {
                    return Parse(body);
                }

                throw new SourceException(
                    response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                        ? $"{_root}: expected a dataset that may be written, found that the hub refuses it; "
                            + $"check that the token in HF_TOKEN may write there."
                        : $"{_root}: expected the hub to take the files, found the answer "
                            + $"{(int)response.StatusCode} {response.ReasonPhrase}."
                );
            },
            _cancellation
        );

    /// <summary>Returns an answer, which is empty if it is no JSON: of some nothing is expected.</summary>
    private static JsonObject Parse(string body)
    {
        try
        {
            return (body.Length > 0 ? JsonNode.Parse(body) : null) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Returns a list of objects in an answer.</summary>
    /// <exception cref="SourceException">There is none.</exception>
    public IEnumerable<JsonObject> ListOf(JsonObject answer, string name) =>
        answer[name] is JsonArray list && list.All(item => item is JsonObject)
            ? list.Cast<JsonObject>()
            : throw Unexpected(name);

    /// <summary>Returns a text in an answer.</summary>
    /// <exception cref="SourceException">There is none.</exception>
    public string TextOf(JsonObject answer, string name) =>
        answer[name] is JsonValue value && value.TryGetValue(out string? text) ? text : throw Unexpected(name);

    /// <summary>Returns the exception for an answer that lacks something.</summary>
    public SourceException Unexpected(string name) =>
        new(
            $"{_root.TrimEnd('/')}: expected an answer of the hub's API with '{name}' from {Endpoint}, found "
                + $"another one; check HF_ENDPOINT, and whether something between here and the hub answers in its "
                + $"place."
        );

    /// <summary>Sends a part of a file to where the hub says.</summary>
    /// <returns>The tag that the store gives the part, or an empty string.</returns>
    /// <exception cref="SourceException">The store refuses.</exception>
    public Task<string> PutAsync(HubFile file, string target, JsonObject headers, long start, long count) =>
        _retry.RunAsync(
            file.Name,
            async () =>
            {
                using HttpResponseMessage response = await _web.SendAsync(
                        () =>
                        {
                            FileStream stream = File.OpenRead(file.Path);
                            HttpRequestMessage request = new(HttpMethod.Put, target)
                            {
                                Content = new StreamContent(new FilePart(stream, start, count)),
                            };
                            request.Content.Headers.ContentLength = count;
                            foreach ((string name, JsonNode? value) in headers)
                            {
                                request.Headers.TryAddWithoutValidation(name, value?.ToString());
                            }

                            return request;
                        },
                        _cancellation
                    )
                    .ConfigureAwait(false);
                WebRequests.CheckPassing(response);
                return response.IsSuccessStatusCode
                    ? response.Headers.ETag?.ToString() ?? ""
                    : throw new SourceException(
                        $"{file.Name}: expected the store of the hub to take the file, found the answer "
                            + $"{(int)response.StatusCode} {response.ReasonPhrase}."
                    );
            },
            _cancellation
        );
}
