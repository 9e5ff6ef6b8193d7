using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// A server that speaks the documented API of the Hugging Face hub over a folder with a folder for each dataset:
/// commits, trees in pages, files that are large and files that are not, private and gated datasets.
/// </summary>
/// <param name="folder">The folder; a dataset is <c>ORG/NAME</c>.</param>
internal sealed class HubStandIn(string folder)
{
    private const int PageEntries = 2;
    private const int PartBytes = 1_000;

    private static readonly string[] LargeEndings = [".parquet", ".large.jsonl"];

    private readonly Dictionary<string, byte[]> _parts = [];

    /// <summary>Gets what goes wrong when files are read.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Gets or sets the commit that main points to.</summary>
    public string Commit { get; set; } = new('a', 40);

    /// <summary>Gets the datasets that were made, with whether they are private.</summary>
    public Dictionary<string, bool> Made { get; } = [];

    /// <summary>Gets the contents of large files by hash.</summary>
    public Dictionary<string, byte[]> Store { get; } = [];

    /// <summary>Gets the files of the last commit.</summary>
    public Dictionary<string, byte[]> Committed { get; } = [];

    /// <summary>
    /// Gets or sets the number of uploads that fail before one does not: in turn the server is busy, the answer is
    /// lost, the connection is closed.
    /// </summary>
    public int FailingUploads { get; set; }

    /// <summary>Gets what keeps uploads back.</summary>
    public Hold Uploads { get; } = new();

    /// <summary>Gets the number of parts of large files that arrived.</summary>
    public int Uploaded { get; private set; }

    /// <summary>Gets or sets a value indicating whether the answer to the next commit is lost.</summary>
    public bool LosesCommit { get; set; }

    /// <summary>Gets or sets the part of a path whose requests get a page in place of an answer, or null.</summary>
    public string? Hijacked { get; set; }

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string[] parts = context.Request.Path.Value!.Trim('/').Split('/');
        if (parts.Contains(Hijacked))
        {
            await context.Response.WriteAsync("<html>Welcome to the network of this hotel</html>");
            return;
        }

        switch (parts)
        {
            case ["api", "datasets", var org, var name, ..] when Refuses(context, org, name):
                return;
            case ["api", "datasets", _, _, "revision", "main" or "v1"]:
                await context.Response.WriteAsync($$"""{"id":"x","sha":"{{Commit}}"}""");
                return;
            case ["api", "datasets", _, _, "revision", ..]:
                context.Response.Headers["X-Error-Code"] = "RevisionNotFound";
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            case ["api", "datasets", var org, var name, "tree", var commit, .. var path] when commit == Commit:
                await SendTreeAsync(context, Path.Combine(folder, org, name), string.Join('/', path));
                return;
            case ["api", "repos", "create"]:
            case ["api", "datasets", _, _, "preupload" or "commit", _]:
            case ["datasets", _, _, "info", "lfs", "objects", "batch"]:
            case ["datasets", _, _, "info", "lfs", "parts", _]:
                await WriteAsync(context, parts);
                return;
            case ["store", var oid] when context.Request.Headers.Authorization.Count == 0:
                await TakeAsync(context, oid);
                return;
            case ["datasets", var org, var name, "resolve", var commit, .. var path] when commit == Commit:
                // Large files are elsewhere, where the token of the hub must not arrive.
                string file = $"{org}/{name}/{string.Join('/', path)}";
                if (IsLarge(file))
                {
                    context.Response.Redirect($"http://localhost:{context.Request.Host.Port}/cdn/{file}");
                    return;
                }

                await ServedFile.SendAsync(context, Path.Combine(folder, file), Faults);
                return;
            case ["cdn", .. var path] when context.Request.Headers.Authorization.Count == 0:
                await ServedFile.SendAsync(context, Path.Combine(folder, string.Join('/', path)), Faults);
                return;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
    }

    private static bool IsLarge(string path) => Array.Exists(LargeEndings, path.EndsWith);

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private async Task WriteAsync(HttpContext context, string[] parts)
    {
        if (context.Request.Headers.Authorization != $"Bearer {PlantedSecrets.HubToken}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        byte[] bytes = await BodyAsync(context);
        JsonNode answer =
            parts is ["api", "repos", ..] ? Make(context, JsonNode.Parse(bytes)!)
            : parts is [.., "preupload", _] ? Sort(JsonNode.Parse(bytes)!)
            : parts is [.., "batch"] ? Place(context, JsonNode.Parse(bytes)!)
            : parts is [.., "parts", _] ? Join(JsonNode.Parse(bytes)!)
            : Save(bytes);
        if (LosesCommit && parts is [.., "commit", _])
        {
            LosesCommit = false;
            context.Abort();
            return;
        }

        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonObject Make(HttpContext context, JsonNode asked)
    {
        Assert.Equal("dataset", asked["type"]!.GetValue<string>());
        string id = $"{asked["organization"]}/{asked["name"]}";
        if (!Made.TryAdd(id, asked["private"]!.GetValue<bool>()))
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
        }

        return new JsonObject { ["url"] = id };
    }

    private static JsonObject Sort(JsonNode asked)
    {
        JsonArray files = [];
        foreach (JsonNode? file in asked["files"]!.AsArray())
        {
            string path = file!["path"]!.GetValue<string>();
            Assert.True(Convert.FromBase64String(file["sample"]!.GetValue<string>()).Length <= 512);
            files.Add(
                new JsonObject
                {
                    ["path"] = path,
                    ["uploadMode"] = IsLarge(path) ? "lfs" : "regular",
                    ["shouldIgnore"] = false,
                }
            );
        }

        return new JsonObject { ["files"] = files };
    }

    /// <summary>Answers with the addresses of large files: those above 1,000 bytes go in parts of that size.</summary>
    private JsonObject Place(HttpContext context, JsonNode asked)
    {
        JsonArray objects = [];
        foreach (JsonNode? item in asked["objects"]!.AsArray())
        {
            string oid = item!["oid"]!.GetValue<string>();
            long size = item["size"]!.GetValue<long>();
            JsonObject answer = new() { ["oid"] = oid, ["size"] = size };
            if (!Store.ContainsKey(oid))
            {
                string elsewhere = $"http://localhost:{context.Request.Host.Port}/store/{oid}";
                JsonObject header = new() { ["chunk_size"] = $"{PartBytes}" };
                for (int part = 1; (part - 1) * PartBytes < size; part++)
                {
                    header[$"{part:D5}"] = $"{elsewhere}?part={part}";
                }

                answer["actions"] = new JsonObject
                {
                    ["upload"] = new JsonObject
                    {
                        ["href"] = $"http://{context.Request.Host}/datasets/x/y/info/lfs/parts/{oid}",
                        ["header"] = header,
                    },
                };
            }

            objects.Add(answer);
        }

        return new JsonObject { ["transfer"] = "multipart", ["objects"] = objects };
    }

    private async Task TakeAsync(HttpContext context, string oid)
    {
        byte[] bytes = await BodyAsync(context);
        await Uploads.PassAsync(context.RequestAborted);
        int failing = FailingUploads > 0 ? FailingUploads-- : 0;
        if (failing % 3 == 0 && failing > 0)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (failing % 3 != 1)
        {
            _parts[$"{oid}-{context.Request.Query["part"]}"] = bytes;
            Uploaded++;
        }

        if (failing > 0)
        {
            context.Abort();
            return;
        }

        context.Response.Headers.ETag = $"\"{bytes.Length}\"";
    }

    private JsonObject Join(JsonNode asked)
    {
        string oid = asked["oid"]!.GetValue<string>();
        byte[] all = [.. asked["parts"]!.AsArray().SelectMany(part => _parts[$"{oid}-{part!["partNumber"]}"])];
        Assert.Equal(oid, Convert.ToHexStringLower(SHA256.HashData(all)));
        Store[oid] = all;
        return [];
    }

    private JsonObject Save(byte[] lines)
    {
        Committed.Clear();
        foreach (string line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode entry = JsonNode.Parse(line)!;
            JsonNode value = entry["value"]!;
            switch (entry["key"]!.GetValue<string>())
            {
                case "file":
                    Committed[value["path"]!.GetValue<string>()] = Convert.FromBase64String(
                        value["content"]!.GetValue<string>()
                    );
                    break;
                case "lfsFile":
                    Committed[value["path"]!.GetValue<string>()] = Store[value["oid"]!.GetValue<string>()];
                    break;
            }
        }

        return new JsonObject { ["commitOid"] = Commit, ["commitUrl"] = $"https://hub/commit/{Commit}" };
    }

    private static bool Refuses(HttpContext context, string org, string name)
    {
        bool isKnown = context.Request.Headers.Authorization == $"Bearer {PlantedSecrets.HubToken}";
        if (org == "gated")
        {
            context.Response.Headers["X-Error-Code"] = "GatedRepo";
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return true;
        }

        if ((org == "private" && !isKnown) || name == "missing")
        {
            context.Response.Headers["X-Error-Code"] = "RepoNotFound";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return true;
        }

        return false;
    }

    private static async Task SendTreeAsync(HttpContext context, string dataset, string path)
    {
        string below = Path.Combine(dataset, path);
        if (!Directory.Exists(below))
        {
            context.Response.Headers["X-Error-Code"] = "EntryNotFound";
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        bool isDeep = context.Request.Query["recursive"] == "true";
        int first = int.TryParse(context.Request.Query["cursor"], out int cursor) ? cursor : 0;
        string[] entries =
        [
            .. Directory
                .GetFileSystemEntries(below, "*", isDeep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
                .Order(StringComparer.Ordinal),
        ];
        JsonArray page = [];
        foreach (string entry in entries.Skip(first).Take(PageEntries))
        {
            page.Add(Describe(dataset, entry));
        }

        if (first + PageEntries < entries.Length)
        {
            string query = $"recursive={(isDeep ? "true" : "false")}&cursor={first + PageEntries}";
            context.Response.Headers.Link =
                $"<http://{context.Request.Host}{context.Request.Path}?{query}>; rel=\"next\"";
        }

        await context.Response.WriteAsync(page.ToJsonString());
    }

    private static JsonObject Describe(string dataset, string entry)
    {
        string path = Path.GetRelativePath(dataset, entry);
        if (Directory.Exists(entry))
        {
            return new JsonObject
            {
                ["type"] = "directory",
                ["oid"] = "0",
                ["size"] = 0,
                ["path"] = path,
            };
        }

        byte[] content = File.ReadAllBytes(entry);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        JsonObject file = new()
        {
            ["type"] = "file",
            ["oid"] = hash[..40],
            ["size"] = content.Length,
            ["path"] = path,
        };
        if (IsLarge(path))
        {
            file["lfs"] = new JsonObject
            {
                ["oid"] = hash,
                ["size"] = content.Length,
                ["pointerSize"] = 134,
            };
        }

        return file;
    }
}
