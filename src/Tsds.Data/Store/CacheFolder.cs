using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>The files in the folder of a cache, and the rules by which they are evicted.</summary>
internal static class CacheFolder
{
    public const string IdentityName = "embedder.txt";

    public static VectorCacheEntry Describe(string folder)
    {
        FileInfo[] files = new DirectoryInfo(folder).GetFiles();
        FileInfo[] chunks = [.. files.Where(file => file.Extension == ChunkRowsFile.Extension)];
        long rows = chunks.Sum(file => (long)(ChunkRowsFile.Read(file.FullName)?.Rows.Length ?? 0));
        string? vectors = chunks
            .Select(file => Path.ChangeExtension(file.FullName, ".npy"))
            .FirstOrDefault(File.Exists);
        return new VectorCacheEntry(
            File.ReadAllText(Path.Combine(folder, IdentityName)).TrimEnd('\n'),
            vectors is null ? null : Npy.ReadShape(vectors).Dimension,
            rows,
            files.Sum(file => file.Length),
            files.Max(file => file.LastWriteTimeUtc)
        );
    }

    /// <summary>
    /// Deletes the least recently used files until the rest is within the limit. The caller must hold the exclusive
    /// lock.
    /// </summary>
    /// <returns>The bytes freed.</returns>
    public static long Trim(string cache, long maxBytes)
    {
        string[] folders =
        [
            .. Directory.EnumerateDirectories(cache).Where(folder => File.Exists(Path.Combine(folder, IdentityName))),
        ];
        Array.ForEach(folders, AtomicFile.DeleteLeftovers);
        List<FileInfo> items =
        [
            .. folders
                .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles())
                .Where(file => file.Extension == ".npy" || EmbedderFitting.FileNames.Contains(file.Name))
                .OrderBy(file => file.LastWriteTimeUtc)
                .ThenBy(file => file.FullName, StringComparer.Ordinal),
        ];
        long before = SizeOf(folders);
        long excess = before - maxBytes;
        foreach (FileInfo item in items.TakeWhile(_ => excess > 0))
        {
            // Without its rows file a chunk is not finished: so the rows file is deleted first.
            FileInfo rows = new(Path.ChangeExtension(item.FullName, ChunkRowsFile.Extension));
            excess -= item.Length + (rows.Exists ? rows.Length : 0);
            rows.Delete();
            item.Delete();
        }

        foreach (string folder in folders.Where(folder => !HoldsVectors(folder)))
        {
            Directory.Delete(folder, recursive: true);
        }

        return before - SizeOf([.. folders.Where(Directory.Exists)]);
    }

    private static bool HoldsVectors(string folder) =>
        Directory.EnumerateFiles(folder, "*.npy").Any()
        || EmbedderFitting.FileNames.Any(name => File.Exists(Path.Combine(folder, name)));

    private static long SizeOf(string[] folders) =>
        folders.Sum(folder => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length));
}
