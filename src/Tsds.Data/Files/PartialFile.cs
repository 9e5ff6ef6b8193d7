namespace Tsds.Data.Files;

/// <summary>
/// Names for files that are being written beside the place that they are moved to when they are whole.
/// </summary>
internal static class PartialFile
{
    private const string Suffix = ".partial";

    /// <summary>Gets a name that no other process or call uses, in the same folder.</summary>
    public static string NameFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", $".{Path.GetFileName(path)}.{Guid.NewGuid():N}{Suffix}");

    /// <summary>
    /// Deletes what killed processes left in a folder; only for who knows that nobody is writing there.
    /// </summary>
    public static void DeleteIn(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $".*{Suffix}"))
        {
            File.Delete(path);
        }
    }
}
