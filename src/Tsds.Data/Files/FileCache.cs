using System.Security.Cryptography;
using System.Text;

namespace Tsds.Data.Files;

/// <summary>A folder that keeps what was read from addresses, by revision or ETag, up to a size.</summary>
/// <remarks>
/// What a run uses is not removed while it runs. Once the cache is full with it, other files are read from their source
/// each time: so that of a pool larger than the cache a part is on disk in every pass.
/// </remarks>
internal sealed class FileCache
{
    /// <summary>The name of the folder below that of the vectors that are kept.</summary>
    public const string FolderName = "files";

    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly Lock _gate = new();
    private long? _bytes;

    /// <summary>Initializes a cache; nothing is created before it is used.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxBytes">The most to keep.</param>
    public FileCache(string folder, long maxBytes)
    {
        (_folder, _maxBytes) = (folder, maxBytes);
    }

    /// <summary>Returns what is kept, the most recently used first.</summary>
    public IReadOnlyList<FileCacheRecord> List() =>
        [
            .. Entries()
                .Select(entry => new FileCacheRecord(
                    entry.About.Address,
                    entry.About.Version,
                    entry.About.Bytes,
                    entry.BytesOnDisk,
                    entry.LastUsed
                ))
                .OrderByDescending(entry => entry.LastUsed)
                .ThenBy(entry => entry.Address, StringComparer.Ordinal),
        ];

    /// <summary>Deletes all that no process uses.</summary>
    /// <returns>The bytes freed.</returns>
    public long Clear() => Trim(0, out _);

    /// <summary>Opens the entry of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isNeeded">True if it must be on disk, whatever the limit says.</param>
    /// <returns>Null if there is no room.</returns>
    public FileCacheEntry? TryOpen(RemoteFile file, bool isNeeded)
    {
        lock (_gate)
        {
            string folder = Path.Combine(_folder, KeyOf(file));
            if (!File.Exists(Path.Combine(folder, FileCacheEntry.AboutName)))
            {
                _bytes ??= Entries().Sum(entry => entry.About.Bytes);
                if (_bytes + file.Bytes > _maxBytes && file.Bytes <= _maxBytes)
                {
                    Trim(_maxBytes - file.Bytes, out long left);
                    _bytes = left;
                }

                if (_bytes + file.Bytes > _maxBytes && !isNeeded)
                {
                    return null;
                }

                _bytes += file.Bytes;
            }

            return FileCacheEntry.Open(folder, file);
        }
    }

    /// <summary>Removes what is beyond the limit, unless a process uses it.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            if (_bytes > _maxBytes)
            {
                Trim(_maxBytes, out long left);
                _bytes = left;
            }
        }
    }

    private static string KeyOf(RemoteFile file) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{file.Address}\n{file.ContentId ?? file.Version}\n{file.Bytes}"))
        )[..32];

    /// <summary>Removes the least recently used entries that nobody uses until the rest is within a limit.</summary>
    private long Trim(long maxBytes, out long left)
    {
        long freed = 0;
        left = 0;
        if (!Directory.Exists(_folder))
        {
            return 0;
        }

        List<(string Folder, FileCacheEntry.About About, long BytesOnDisk, DateTime LastUsed)> all =
        [
            .. Entries().OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Folder, StringComparer.Ordinal),
        ];
        left = all.Sum(entry => entry.About.Bytes);
        foreach ((string folder, FileCacheEntry.About about, long bytesOnDisk, _) in all)
        {
            if (left <= maxBytes)
            {
                break;
            }

            using FolderLock? alone = FolderLock.TryTake(folder, isPassing: true);
            if (alone is null)
            {
                continue;
            }

            // Without this file the rest is no entry.
            File.Delete(Path.Combine(folder, FileCacheEntry.AboutName));
            foreach (string path in Directory.EnumerateFiles(folder).Where(IsContent))
            {
                File.Delete(path);
            }

            left -= about.Bytes;
            freed += bytesOnDisk;
        }

        foreach (string folder in Directory.EnumerateDirectories(_folder))
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }

        return freed;
    }

    private static bool IsContent(string path) => Path.GetFileName(path) != FolderLock.FileName;

    private IEnumerable<(string Folder, FileCacheEntry.About About, long BytesOnDisk, DateTime LastUsed)> Entries()
    {
        foreach (string folder in Directory.Exists(_folder) ? Directory.EnumerateDirectories(_folder) : [])
        {
            if (FileCacheEntry.TryDescribe(folder) is { } entry)
            {
                yield return (folder, entry.About, entry.BytesOnDisk, entry.LastUsed);
            }
        }
    }
}
