using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tsds.Data.Files;
using Tsds.Sources.Hub;

namespace Tsds.Sources.Push;

/// <summary>Sends a folder to a dataset of the Hugging Face hub, as one commit.</summary>
/// <remarks>
/// Large files go where the hub says, in parts where it says so, and are not sent again where it has them: a push that
/// was stopped goes on where it was. The dataset is made if there is none.
/// </remarks>
internal sealed class HubPush : IDisposable
{
    private const int SampleBytes = 512;
    private const string LfsType = "application/vnd.git-lfs+json";

    private readonly HubAddress _address;
    private readonly bool _isPrivate;
    private readonly HubApi _api;
    private readonly CancellationToken _cancellation;

    private HubPush(HubAddress address, bool isPrivate, string token, SourceOptions options, CancellationToken stops)
    {
        _address = address;
        _isPrivate = isPrivate;
        _api = new HubApi(address.Root, token, options, stops);
        _cancellation = stops;
    }

    /// <summary>Sends files of a folder, and nothing else that lies in it.</summary>
    /// <param name="folder">The folder, which becomes the dataset's.</param>
    /// <param name="files">The files in it; hidden ones stay.</param>
    /// <param name="address">The dataset, <c>hf://datasets/ORG/NAME[@BRANCH]</c>.</param>
    /// <param name="isPrivate">True if a dataset that is made is private.</param>
    /// <param name="options">How the hub is reached; null for the defaults.</param>
    /// <param name="cancellationToken">Stops; the dataset stays as it was.</param>
    /// <exception cref="ArgumentException">The address is none of a dataset, or there is no token.</exception>
    /// <exception cref="IOException">The hub refuses, or cannot be reached.</exception>
    public static async Task<PushResult> RunAsync(
        string folder,
        IEnumerable<string> files,
        string address,
        bool isPrivate,
        SourceOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        HubAddress parsed = Check(address);
        string token = RequireToken(address);
        using HubPush push = new(parsed, isPrivate, token, options ?? new SourceOptions(), cancellationToken);
        return await push.PushAsync(folder, files).ConfigureAwait(false);
    }

    /// <summary>Throws if there is no token, which is known before anything is written.</summary>
    internal static string RequireToken(string address) =>
        HubSource.Token
        ?? throw new ArgumentException(
            $"--push {address} needs a token that may write: make one in the settings of your account, and set "
                + $"HF_TOKEN."
        );

    /// <summary>Throws if an address is none that can be pushed to.</summary>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException">It is none of a whole dataset.</exception>
    public static void Require(string address) => Check(address);

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private static HubAddress Check(string address)
    {
        HubAddress parsed = HubAddress.Parse(address);
        return parsed.Path.Length == 0
            ? parsed
            : throw new ArgumentException(
                $"Expected hf://datasets/ORG/NAME[@BRANCH] behind --push, found '{address}'."
            );
    }

    private async Task<PushResult> PushAsync(string folder, IEnumerable<string> paths)
    {
        HubFile[] files =
        [
            .. paths
                .Select(path => new HubFile(
                    Path.GetRelativePath(folder, path).Replace('\\', '/'),
                    path,
                    new FileInfo(path).Length
                ))
                .Where(file => !file.Name.Split('/').Any(part => part.StartsWith('.')))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
        await CreateAsync().ConfigureAwait(false);
        HashSet<string> large = await AskAsync(files).ConfigureAwait(false);
        Dictionary<string, string> hashes = [];
        foreach (HubFile file in files.Where(file => large.Contains(file.Name)))
        {
            hashes[file.Name] = await FileHash.OfAsync(file.Path, _cancellation).ConfigureAwait(false);
        }

        long sent = hashes.Count > 0 ? await UploadAsync(files, hashes).ConfigureAwait(false) : 0;
        JsonObject commit = await CommitAsync(files, hashes).ConfigureAwait(false);
        string id = _api.TextOf(commit, "commitOid");
        return new PushResult(
            commit["commitUrl"]?.ToString() ?? $"{_api.Endpoint}/datasets/{_address.Id}/commit/{id}",
            id,
            files.Length,
            sent
        );
    }

    private async Task CreateAsync()
    {
        string[] parts = _address.Id.Split('/');
        JsonObject body = new()
        {
            ["type"] = "dataset",
            ["organization"] = parts[0],
            ["name"] = parts[1],
            ["private"] = _isPrivate,
        };

        // 409: it is there.
        await _api.SendAsync($"{_api.Endpoint}/api/repos/create", HubApi.Json(body), HttpStatusCode.Conflict)
            .ConfigureAwait(false);
    }

    /// <summary>Asks the hub which files are large.</summary>
    private async Task<HashSet<string>> AskAsync(HubFile[] files)
    {
        JsonArray asked = [];
        foreach (HubFile file in files)
        {
            asked.Add(
                new JsonObject
                {
                    ["path"] = file.Name,
                    ["size"] = file.Bytes,
                    ["sample"] = Convert.ToBase64String(Head(file.Path)),
                }
            );
        }

        JsonObject answer = await _api.SendAsync(
                $"{Api}/preupload/{Revision}",
                HubApi.Json(new JsonObject { ["files"] = asked })
            )
            .ConfigureAwait(false);
        return
        [
            .. _api.ListOf(answer, "files")
                .Where(file => _api.TextOf(file, "uploadMode") == "lfs")
                .Select(file => _api.TextOf(file, "path")),
        ];
    }

    private async Task<long> UploadAsync(HubFile[] files, Dictionary<string, string> hashes)
    {
        JsonArray objects = [];
        foreach (HubFile file in files.Where(file => hashes.ContainsKey(file.Name)))
        {
            objects.Add(new JsonObject { ["oid"] = hashes[file.Name], ["size"] = file.Bytes });
        }

        JsonObject body = new()
        {
            ["operation"] = "upload",
            ["transfers"] = new JsonArray("basic", "multipart"),
            ["hash_algo"] = "sha256",
            ["ref"] = new JsonObject { ["name"] = _address.ResolvedRevision },
            ["objects"] = objects,
        };
        JsonObject answer = await _api.SendAsync(
                $"{_api.Endpoint}/datasets/{_address.Id}.git/info/lfs/objects/batch",
                HubApi.Json(body, LfsType)
            )
            .ConfigureAwait(false);
        long sent = 0;
        foreach (JsonObject item in _api.ListOf(answer, "objects"))
        {
            string oid = _api.TextOf(item, "oid");
            HubFile file =
                files.FirstOrDefault(file => hashes.GetValueOrDefault(file.Name) == oid)
                ?? throw _api.Unexpected("oid");
            if (item["error"]?["message"] is { } problem)
            {
                throw new SourceException($"{file.Name}: expected the hub to take the file, found: {problem}.");
            }

            // Without an action the hub has the file.
            if (item["actions"]?["upload"] is { } upload)
            {
                await SendFileAsync(file, oid, upload).ConfigureAwait(false);
                sent += file.Bytes;
                if (item["actions"]?["verify"]?["href"]?.GetValue<string>() is { } verify)
                {
                    await _api.SendAsync(
                            verify,
                            HubApi.Json(new JsonObject { ["oid"] = oid, ["size"] = file.Bytes }, LfsType)
                        )
                        .ConfigureAwait(false);
                }
            }
        }

        return sent;
    }

    /// <summary>Sends a file to where the hub says: in one piece, or in parts.</summary>
    private async Task SendFileAsync(HubFile file, string oid, JsonNode upload)
    {
        string target = _api.TextOf(upload as JsonObject ?? [], "href");
        JsonObject headers = upload["header"] as JsonObject ?? [];
        if (!long.TryParse(headers["chunk_size"]?.ToString(), CultureInfo.InvariantCulture, out long partBytes))
        {
            await _api.PutAsync(file, target, headers, 0, file.Bytes).ConfigureAwait(false);
            return;
        }

        string[] targets =
        [
            .. headers
                .Where(header => header.Key.All(char.IsAsciiDigit))
                .OrderBy(header => int.Parse(header.Key, CultureInfo.InvariantCulture))
                .Select(header => header.Value!.ToString()),
        ];
        JsonArray parts = [];
        for (int i = 0; i < targets.Length; i++)
        {
            long start = i * partBytes;
            string etag = await _api.PutAsync(file, targets[i], [], start, Math.Min(partBytes, file.Bytes - start))
                .ConfigureAwait(false);
            parts.Add(new JsonObject { ["partNumber"] = i + 1, ["etag"] = etag });
        }

        await _api.SendAsync(target, HubApi.Json(new JsonObject { ["oid"] = oid, ["parts"] = parts }, LfsType))
            .ConfigureAwait(false);
    }

    private Task<JsonObject> CommitAsync(HubFile[] files, Dictionary<string, string> hashes)
    {
        StringBuilder lines = new();
        void Add(string key, JsonObject value) =>
            lines.Append(new JsonObject { ["key"] = key, ["value"] = value }.ToJsonString()).Append('\n');
        Add("header", new JsonObject { ["summary"] = "Selected with Tsds", ["description"] = "" });
        foreach (HubFile file in files)
        {
            if (hashes.TryGetValue(file.Name, out string? oid))
            {
                Add(
                    "lfsFile",
                    new JsonObject
                    {
                        ["path"] = file.Name,
                        ["algo"] = "sha256",
                        ["oid"] = oid,
                        ["size"] = file.Bytes,
                    }
                );
            }
            else
            {
                Add(
                    "file",
                    new JsonObject
                    {
                        ["path"] = file.Name,
                        ["encoding"] = "base64",
                        ["content"] = Convert.ToBase64String(File.ReadAllBytes(file.Path)),
                    }
                );
            }
        }

        string text = lines.ToString();
        return _api.SendAsync(
            $"{Api}/commit/{Revision}",
            () => new StringContent(text, Encoding.UTF8, "application/x-ndjson")
        );
    }

    private string Api => $"{_api.Endpoint}/api/datasets/{_address.Id}";

    private string Revision => Uri.EscapeDataString(_address.ResolvedRevision);

    private static byte[] Head(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] head = new byte[SampleBytes];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }
}
