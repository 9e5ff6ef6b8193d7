namespace Tsds.Data.Files;

/// <summary>Distinguishes a path that names nothing from one that may not be looked at.</summary>
internal static class PathAccess
{
    /// <summary>Throws if it cannot be known whether a path names something.</summary>
    /// <param name="path">The path of a file or folder, which need not exist.</param>
    /// <exception cref="IOException">A folder above it must not be entered, or links lead in a circle.</exception>
    public static void Require(string path)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // It names nothing, which is an answer.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: expected a path that can be looked at, found that it cannot: "
                    + $"{exception.Message.TrimEnd('.')}; name another one, or change who may read its folders.",
                exception
            );
        }
    }
}
