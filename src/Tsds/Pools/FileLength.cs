using Microsoft.Win32.SafeHandles;

namespace Tsds.Pools;

/// <summary>The size of files, which caches of models and datasets often give by links.</summary>
internal static class FileLength
{
    /// <summary>Returns the bytes of a file; of a link those of the file that it leads to, not its own.</summary>
    public static long Of(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }
}
