namespace Tsds.Data.Store;

/// <summary>The folder and the size limit of the cache of vectors.</summary>
public sealed record VectorCacheOptions
{
    /// <summary>
    /// Gets the folder, or null for the user's: <c>$XDG_CACHE_HOME/tsds</c>, else <c>~/.cache/tsds</c> (on Windows the
    /// local application data).
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Gets the size limit in bytes when a run ends; the least recently used entries are evicted
    /// first.</summary>
    /// <value>Not negative. The default is 20 GB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxBytes));
            field = value;
        }
    } = 20_000_000_000;

    /// <summary>Gets the folder that these options mean.</summary>
    internal string ResolvedFolder
    {
        get
        {
            if (Folder is not null)
            {
                return Path.GetFullPath(Folder);
            }

            string xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? "";
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string root =
                Path.IsPathRooted(xdg) ? xdg
                : OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : home.Length > 0 ? Path.Combine(home, ".cache")
                : Path.GetTempPath();
            return Path.Combine(root, "tsds");
        }
    }
}
