using System.Collections.Concurrent;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;
using Tsds.Data.Store;

namespace Tsds.Orleans.Workers;

/// <summary>The part of a vector store that a worker holds, in the folders it was given and nowhere else.</summary>
internal sealed class LocalStore
{
    private readonly string?[] _paths;
    private readonly ConcurrentDictionary<int, bool> _checked = [];

    private LocalStore(string folder, StoreManifest manifest, string id, string?[] paths)
    {
        Folder = folder;
        Manifest = manifest;
        Id = id;
        _paths = paths;
        Sections = Section.Cut(manifest);
        Held =
        [
            .. Sections
                .Where(section =>
                    Array.TrueForAll(paths[section.FirstShard..section.EndShard], path => path is not null)
                )
                .Select(section => section.Index),
        ];
    }

    /// <summary>Gets the first folder, as it was given.</summary>
    public string Folder { get; }

    public StoreManifest Manifest { get; }

    /// <summary>Gets the SHA-256 of the manifest.</summary>
    public string Id { get; }

    public IReadOnlyList<Section> Sections { get; }

    /// <summary>Gets the sections all of whose files are here, ascending.</summary>
    public int[] Held { get; }

    public int HeldShards => _paths.Count(path => path is not null);

    /// <summary>Opens folders of one store. Chunks that are in none of them are held by other workers.</summary>
    /// <exception cref="InvalidDataException">A folder is no finished store, is of another one, or a link leads out of
    /// it.</exception>
    public static LocalStore Open(IReadOnlyList<string> folders)
    {
        StoreManifest? manifest = null;
        string id = "";
        string?[] paths = [];
        foreach (string folder in folders)
        {
            StoreManifest found =
                VectorStore.TryOpen(folder)?.Manifest
                ?? throw new InvalidDataException(
                    $"Expected a vector store in {folder}, found none; write it with 'tsds embed', or copy "
                        + $"its manifest.json beside the shards."
                );
            string foundId = FileHash.Of(PathIn(folder, StoreManifest.FileName)!);
            if (manifest is not null && foundId != id)
            {
                throw new InvalidDataException(
                    $"Expected parts of one vector store, found another one in {folder} than in "
                        + $"{folders[0]}; a cluster serves one store."
                );
            }

            manifest = found;
            id = foundId;
            paths = paths.Length == 0 ? new string?[found.Chunks.Count] : paths;
            for (int i = 0; i < paths.Length; i++)
            {
                paths[i] ??= PathIn(folder, found.Chunks[i].File);
            }
        }

        return new LocalStore(folders[0], manifest!, id, paths);
    }

    /// <summary>Opens a section as a pool. Checks each file once against the hash in the manifest.</summary>
    /// <exception cref="InvalidDataException">One is not, or is not here.</exception>
    public async Task<CandidatePool> OpenPoolAsync(Section section, CandidatePoolOptions options)
    {
        string[] paths =
        [
            .. Enumerable
                .Range(section.FirstShard, section.EndShard - section.FirstShard)
                .Select(i =>
                    _paths[i]
                    ?? throw new InvalidDataException(
                        $"Expected the shard {Manifest.Chunks[i].File} in {Folder}, found none."
                    )
                ),
        ];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThreadCount };
        await Parallel
            .ForEachAsync(
                paths.Index().Where(path => !_checked.ContainsKey(section.FirstShard + path.Index)),
                parallel,
                async (path, token) =>
                {
                    int shard = section.FirstShard + path.Index;
                    await CheckAsync(path.Item, Manifest.Chunks[shard].Sha256, token).ConfigureAwait(false);
                    _checked[shard] = true;
                }
            )
            .ConfigureAwait(false);
        return CandidatePool.OpenNpy(paths, options);
    }

    /// <summary>Gets the length of the store's manifest, or of its embedder's fit; 0 if there is none.</summary>
    public long LengthOf(int? fit) => PathIn(Folder, NameOf(fit)) is { } path ? new FileInfo(path).Length : 0;

    /// <summary>Reads a piece of the store's manifest, or of its embedder's fit.</summary>
    public byte[] Read(int? fit, long offset, int count)
    {
        using FileStream stream = File.OpenRead(
            PathIn(Folder, NameOf(fit))
                ?? throw new InvalidDataException($"Expected {NameOf(fit)} in {Folder}, found none.")
        );
        stream.Position = Math.Clamp(offset, 0, stream.Length);
        byte[] piece = new byte[Math.Min(count, stream.Length - stream.Position)];
        stream.ReadExactly(piece);
        return piece;
    }

    private static string NameOf(int? fit) =>
        fit is { } file ? EmbedderFitting.FileNames[file] : StoreManifest.FileName;

    private static async ValueTask CheckAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        if (await FileHash.OfAsync(path, cancellationToken).ConfigureAwait(false) == sha256)
        {
            return;
        }

        throw new InvalidDataException(
            $"Expected the vectors in {path} as they were written, found others; run the same 'tsds embed' "
                + $"again, or copy the file again."
        );
    }

    /// <summary>Returns the path of a file directly in a folder, or null if there is no such file.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidDataException">The name, or a link, leads out of the folder.</exception>
    private static string? PathIn(string folder, string name)
    {
        FileInfo file = new(Path.Combine(folder, name));
        if (Path.GetFileName(name) != name || name is "." or "..")
        {
            throw new InvalidDataException($"Expected the name of a file in {folder}, found '{name}'.");
        }

        if (!file.Exists)
        {
            return null;
        }

        return file.ResolveLinkTarget(returnFinalTarget: true) is null
            ? file.FullName
            : throw new InvalidDataException(
                $"Expected {file.FullName} to be a file, found a link; a worker reads nothing but what lies "
                    + $"in the folders that it was given."
            );
    }
}
