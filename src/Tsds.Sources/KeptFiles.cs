using Tsds.Data.Files;
using Tsds.Sources.Push;

namespace Tsds.Sources;

/// <summary>
/// The parts of files at addresses that are kept on disk, so that a second pass does not fetch them again.
/// </summary>
internal static class KeptFiles
{
    /// <summary>Returns the files, the most recently used first.</summary>
    /// <param name="cacheFolder">The folder of the cache.</param>
    public static IReadOnlyList<KeptFile> List(string cacheFolder) =>
        [
            .. Open(cacheFolder)
                .List()
                .Select(file => new KeptFile(file.Address, file.Version, file.Bytes, file.BytesOnDisk, file.LastUsed)),
        ];

    /// <summary>
    /// Deletes all that no process uses, and the output folders of killed runs that were to be sent to an address.
    /// </summary>
    /// <param name="cacheFolder">The folder of the cache.</param>
    /// <returns>The bytes freed.</returns>
    public static long Clear(string cacheFolder) => Open(cacheFolder).Clear() + FolderPush.Clear(cacheFolder);

    private static FileCache Open(string cacheFolder) => new(Path.Combine(cacheFolder, FileCache.FolderName), 0);
}
