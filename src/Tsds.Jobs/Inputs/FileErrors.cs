using System.Text.RegularExpressions;

namespace Tsds.Jobs.Inputs;

/// <summary>Converts what the runtime says of a file or folder to a sentence.</summary>
/// <remarks>
/// Paths are opened in many places, and each may be one that may not be read, on a disk that is full or behind a
/// connection that broke: what is thrown then is known by its wording alone.
/// </remarks>
internal static partial class FileErrors
{
    /// <summary>Returns the message of an exception, as a sentence that begins with the path it names.</summary>
    public static string Describe(Exception exception)
    {
        string message = exception.Message;
        return exception switch
        {
            UnauthorizedAccessException when Denied().Match(message) is { Success: true } denied => Closed(
                denied.Groups["path"].Value
            ),
            FileNotFoundException when Missing().Match(message) is { Success: true } missing =>
                $"{missing.Groups["path"]}: expected a file, found none; check the path.",
            DirectoryNotFoundException when MissingPart().Match(message) is { Success: true } missing =>
                $"{missing.Groups["path"]}: expected folders that exist, found that one is missing; check the path.",
            IOException when OfSystem().Match(message) is { Success: true } told =>
                $"{told.Groups["path"]}: expected a file or folder that can be used, found that the system says "
                    + $"'{told.Groups["what"]}'; put that right, or name another one.",
            _ => message,
        };
    }

    private static string Closed(string path) =>
        IsOpenFolder(path)
            ? $"{path}: expected a file, found a folder; name a file in it."
            : $"{path}: expected a file or folder that this user may use, found that the system denies it; change its "
                + "rights, or name another one.";

    private static bool IsOpenFolder(string path)
    {
        try
        {
            using IEnumerator<string> entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            entries.MoveNext();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex("^Access to the path '(?<path>.+)' is denied\\.$", RegexOptions.Singleline)]
    private static partial Regex Denied();

    [GeneratedRegex("^Could not find file '(?<path>.+)'\\.$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex("^Could not find a part of the path '(?<path>.+)'\\.$", RegexOptions.Singleline)]
    private static partial Regex MissingPart();

    [GeneratedRegex("^(?<what>[A-Z][^:'/]+) : '(?<path>.+)'$", RegexOptions.Singleline)]
    private static partial Regex OfSystem();
}
