using System.Globalization;

namespace Tsds.Data.Files;

/// <summary>
/// An output folder that appears whole or not at all: everything is written beside it and moved at the end.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private const string LockName = "scratch-lock";

    private readonly string _path;
    private readonly string _staging;
    private readonly string[] _names;
    private readonly FileStream _lock;

    private OutputFolder(string path, string staging, string[] names, FileStream fileLock)
    {
        _path = path;
        _staging = staging;
        _names = names;
        _lock = fileLock;
    }

    /// <summary>The name of the manifest, which is moved last: a folder with a manifest is complete.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Refuses a folder that holds anything, unless forced.</summary>
    /// <exception cref="IOException">The folder is not empty, or a file stands in its place.</exception>
    public static void Check(string path, bool force)
    {
        if (File.Exists(path))
        {
            throw new IOException($"Expected a folder at {path}, found a file; choose another --out.");
        }

        if (!force && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new IOException(
                $"Expected the output folder {path} to be empty, found files in it; choose another --out, or "
                    + $"replace the selection in it with --force."
            );
        }
    }

    /// <summary>Creates the folder beside the output in which everything is written first.</summary>
    /// <param name="path">The output folder.</param>
    /// <param name="force">Whether it may hold something.</param>
    /// <param name="names">The files that it may consist of, the one that says that it is complete last; only
    /// these are ever replaced in an existing folder.</param>
    public static OutputFolder Create(string path, bool force, string[] names)
    {
        Check(path, force);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string parent = Path.GetDirectoryName(full) ?? full;
        Directory.CreateDirectory(parent);
        string prefix = $".{Path.GetFileName(full)}.partial-";
        DeleteAbandoned(parent, prefix);
        string staging = Path.Combine(parent, prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (Directory.Exists(staging))
        {
            // Left by a process that was killed and whose number this one got.
            Directory.Delete(staging, recursive: true);
        }

        Directory.CreateDirectory(staging);
        return new OutputFolder(full, staging, names, Lock(staging, FileMode.CreateNew));
    }

    /// <summary>Gets the folder in which everything is written first.</summary>
    public string Folder => _staging;

    /// <summary>Gets the path to write a file of the bundle to.</summary>
    public string PathOf(string name) => Path.Combine(_staging, name);

    /// <summary>Gets the path of a file or folder that is needed only while the job runs.</summary>
    public string ScratchPathOf(string name) => Path.Combine(_staging, "scratch-" + name);

    /// <summary>Gets the names of the bundle's files that have been written so far.</summary>
    public IReadOnlyList<string> Written() => [.. _names.Where(name => File.Exists(PathOf(name)))];

    /// <summary>Moves the bundle into place.</summary>
    /// <returns>The paths of the files, the manifest last.</returns>
    public IReadOnlyList<string> Commit()
    {
        _lock.Dispose();
        foreach (string scratch in Directory.EnumerateFiles(_staging, "scratch-*"))
        {
            File.Delete(scratch);
        }

        foreach (string scratch in Directory.EnumerateDirectories(_staging, "scratch-*"))
        {
            Directory.Delete(scratch, recursive: true);
        }

        IReadOnlyList<string> written = Written();
        if (!Directory.Exists(_path))
        {
            Directory.Move(_staging, _path);
        }
        else
        {
            // The old manifest goes first and the new one comes last, so that no mixture of two selections ever looks
            // complete.
            foreach (string name in _names.Reverse())
            {
                File.Delete(Path.Combine(_path, name));
            }

            foreach (string name in written)
            {
                File.Move(PathOf(name), Path.Combine(_path, name));
            }
        }

        return [.. written.Select(name => Path.Combine(_path, name))];
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(_staging))
        {
            Directory.Delete(_staging, recursive: true);
        }
    }

    /// <summary>Removes what killed processes left: a folder whose lock nobody holds.</summary>
    private static void DeleteAbandoned(string parent, string prefix)
    {
        foreach (string folder in Directory.GetDirectories(parent, prefix + "*"))
        {
            try
            {
                Lock(folder, FileMode.Open).Dispose();
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use, or another process is removing it.
            }
        }
    }

    private static FileStream Lock(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
