using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tsds.Data.Files;
using Tsds.Sources.Http;
using Tsds.Sources.S3;

namespace Tsds.Sources.Hub;

/// <summary>
/// Files of datasets on the Hugging Face hub, at the commit that a branch or tag points to when it is first used; and
/// those of buckets, which the hub serves as object storage.
/// </summary>
/// <param name="endpoint">The hub, without a slash at its end.</param>
/// <param name="web">Sends the requests; not owned.</param>
/// <param name="buckets">Reads buckets; owned.</param>
internal sealed class HubSource(string endpoint, WebRequests web, S3Source buckets) : IFileSource
{
    private const string Buckets = "hf://buckets/";
    private const string BucketsAsObjects = "s3://";

    private readonly string _endpoint = endpoint;
    private readonly string? _token = Token;

    private readonly ConcurrentDictionary<string, string> _commits = new(StringComparer.Ordinal);

    /// <summary>Gets the token of the environment, or null.</summary>
    public static string? Token =>
        Environment.GetEnvironmentVariable("HF_TOKEN") is { Length: > 0 } token ? token.Trim() : null;

    /// <summary>Returns the hub that is asked.</summary>
    /// <exception cref="ArgumentException">Its address has a password.</exception>
    public static string EndpointOf(SourceOptions options)
    {
        string? given = Environment.GetEnvironmentVariable("HF_ENDPOINT");
        string hub = options.Hub?.AbsoluteUri ?? (given is { Length: > 0 } ? given : "https://huggingface.co");
        AddressSecrets.CheckServer(hub);
        return hub.TrimEnd('/');
    }

    public bool Serves(string scheme) => scheme == HubAddress.Scheme;

    public string RootOf(string address) =>
        IsBucket(address) ? FromObjects(buckets.RootOf(ToObjects(address))) : HubAddress.Parse(address).Root;

    public async Task<RemoteFile?> FindAsync(string address, CancellationToken cancellationToken)
    {
        if (IsBucket(address))
        {
            return FromObjects(await buckets.FindAsync(ToObjects(address), cancellationToken).ConfigureAwait(false));
        }

        HubAddress parsed = HubAddress.Parse(address);
        int slash = parsed.Path.LastIndexOf('/');
        string folder = slash < 0 ? "" : parsed.Path[..slash];
        IReadOnlyList<RemoteFile> files = await ListAsync(parsed, folder, isDeep: false, cancellationToken)
            .ConfigureAwait(false);
        return files.FirstOrDefault(file => file.Address == address);
    }

    public async Task<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        if (IsBucket(folder))
        {
            IReadOnlyList<RemoteFile> files = await buckets
                .ListAsync(ToObjects(folder), cancellationToken)
                .ConfigureAwait(false);
            return [.. files.Select(file => FromObjects(file)!)];
        }

        HubAddress parsed = HubAddress.Parse(folder);
        return await ListAsync(parsed, parsed.Path.TrimEnd('/'), isDeep: true, cancellationToken).ConfigureAwait(false);
    }

    public Task<Stream> OpenAsync(RemoteFile file, long offset, long count, CancellationToken cancellationToken) =>
        IsBucket(file.Address)
            ? buckets.OpenAsync(file, offset, count, cancellationToken)
            : web.OpenAsync(file, () => Request(file.Location), offset, count, cancellationToken);

    public void Dispose() => buckets.Dispose();

    private static bool IsBucket(string address) => address.StartsWith(Buckets, StringComparison.Ordinal);

    // hf://buckets/ORG/NAME/PATH is the bucket NAME of the gateway of ORG.
    private static string ToObjects(string address) => BucketsAsObjects + address[Buckets.Length..];

    private static string FromObjects(string address) => Buckets + address[BucketsAsObjects.Length..];

    private static RemoteFile? FromObjects(RemoteFile? file) =>
        file is null ? null : file with { Address = FromObjects(file.Address) };

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private async Task<IReadOnlyList<RemoteFile>> ListAsync(
        HubAddress address,
        string folder,
        bool isDeep,
        CancellationToken cancellationToken
    )
    {
        string commit = await FindCommitAsync(address, cancellationToken).ConfigureAwait(false);
        string api = $"{_endpoint}/api/datasets/{Escape(address.Id)}/tree/{commit}";
        string? next =
            $"{api}{(folder.Length > 0 ? "/" + Escape(folder) : "")}?recursive={(isDeep ? "true" : "false")}";
        List<RemoteFile> files = [];
        while (next is not null)
        {
            using HttpResponseMessage response = await SendAsync(next, address, cancellationToken)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return [];
            }

            IReadOnlyList<HubEntry> entries = await ReadAsync(
                    response,
                    address,
                    HubApi.Default.IReadOnlyListHubEntry,
                    cancellationToken
                )
                .ConfigureAwait(false);
            files.AddRange(
                entries
                    .Where(entry => entry.Type == "file")
                    .Select(entry => new RemoteFile
                    {
                        Address = address.Root + entry.Path,
                        Location = $"{_endpoint}/datasets/{Escape(address.Id)}/resolve/{commit}/{Escape(entry.Path)}",
                        Bytes = entry.Lfs?.Size ?? entry.Size,
                        Version = commit,
                        ContentId = entry.Lfs?.Oid ?? entry.Oid ?? commit,
                        Sha256 = entry.Lfs?.Oid is { Length: 64 } sha256 ? sha256.ToLowerInvariant() : null,
                    })
            );
            next = NextPage(response);
        }

        files.Sort((one, other) => StringComparer.Ordinal.Compare(one.Address, other.Address));
        return files;
    }

    private async Task<string> FindCommitAsync(HubAddress address, CancellationToken cancellationToken)
    {
        if (_commits.TryGetValue(address.Root, out string? known))
        {
            return known;
        }

        string revision = address.ResolvedRevision;
        string url = $"{_endpoint}/api/datasets/{Escape(address.Id)}/revision/{Uri.EscapeDataString(revision)}";
        using HttpResponseMessage response = await SendAsync(url, address, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new FileNotFoundException(
                ErrorOf(response) == "RevisionNotFound"
                    ? $"{address.Root}: expected the revision {revision}, found none of that name."
                    : $"{address.Root}: expected a dataset, found none of that name; if it is private, set HF_TOKEN to "
                        + $"a token that may read it."
            );
        }

        HubRevision found = await ReadAsync(response, address, HubApi.Default.HubRevision, cancellationToken)
            .ConfigureAwait(false);
        string commit =
            found.Sha ?? throw new SourceException($"{address.Root}: expected the hub to name a commit, found none.");
        return _commits.GetOrAdd(address.Root, commit);
    }

    private async Task<HttpResponseMessage> SendAsync(
        string url,
        HubAddress address,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response = await web.SendAsync(() => Request(url), cancellationToken).ConfigureAwait(false);
        try
        {
            WebRequests.CheckPassing(response);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound)
            {
                return response;
            }

            throw Refused(response, address);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private SourceException Refused(HttpResponseMessage response, HubAddress address)
    {
        string page = $"{_endpoint}/datasets/{address.Id}";
        bool isGated = ErrorOf(response) == "GatedRepo" || response.StatusCode == HttpStatusCode.Forbidden;
        if (isGated)
        {
            return new SourceException(
                $"{address.Root}: expected a dataset that may be read, found one whose owners ask for your agreement; "
                    + $"give it at {page}, and set HF_TOKEN to a token of your account."
            );
        }

        return new SourceException(
            response.StatusCode == HttpStatusCode.Unauthorized
                ? $"{address.Root}: expected a dataset that may be read, found none or a private one; "
                    + (
                        _token is null
                            ? "check the name, and if it is private set HF_TOKEN to a token that may read it."
                            : "check the name, and that the token in HF_TOKEN is valid and may read it."
                    )
                : $"{address.Root}: expected a list of files, found the answer {(int)response.StatusCode} "
                    + $"{response.ReasonPhrase}."
        );
    }

    private static string? ErrorOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes) ? codes.First() : null;

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        HubAddress address,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new SourceException($"{address.Root}: the hub's answer is no JSON", exception) { IsPassing = true };
        }
        catch (HttpRequestException exception)
        {
            throw new SourceException($"the hub's answer broke off: {exception.Message}", exception)
            {
                IsPassing = true,
            };
        }
    }

    private string? NextPage(HttpResponseMessage response)
    {
        IEnumerable<string> links = response.Headers.TryGetValues("Link", out IEnumerable<string>? found) ? found : [];
        foreach (string link in links.SelectMany(value => value.Split(',')))
        {
            int end = link.IndexOf('>', StringComparison.Ordinal);
            if (end > 0 && link.Contains("rel=\"next\"", StringComparison.Ordinal))
            {
                // The token goes with it: only the hub itself may say where the next page is.
                Uri next = new(new Uri(_endpoint), link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..end]);
                return next.Authority == new Uri(_endpoint).Authority ? next.AbsoluteUri : null;
            }
        }

        return null;
    }

    private HttpRequestMessage Request(string url)
    {
        HttpRequestMessage request = new(HttpMethod.Get, url);
        if (_token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        }

        return request;
    }
}
