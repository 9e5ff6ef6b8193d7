using System.Text;

namespace Tsds.Jobs.Export;

/// <summary>
/// A folder that an export adds files to: written beside it under another name, and moved when all is well.
/// </summary>
internal sealed class ExportFolder : IDisposable
{
    private readonly string _path;
    private readonly string _staging;
    private readonly bool _force;
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    /// <summary>Begins an export.</summary>
    /// <param name="path">The folder; created when the export is committed.</param>
    /// <param name="force">Whether files in it are replaced.</param>
    public ExportFolder(string path, bool force)
    {
        if (File.Exists(path))
        {
            throw new IOException($"Expected a folder at {path}, found a file; choose another --out.");
        }

        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _force = force;
        string parent = Path.GetDirectoryName(_path) ?? _path;
        _staging = Path.Combine(parent, $".{Path.GetFileName(_path)}.partial-{Environment.ProcessId}");
        if (Directory.Exists(_staging))
        {
            Directory.Delete(_staging, recursive: true);
        }

        Directory.CreateDirectory(_staging);
    }

    /// <summary>Creates a file.</summary>
    public FileStream Create(string name) =>
        new(Path.Combine(_staging, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);

    /// <summary>Creates a folder for files.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_staging, name)).FullName;

    /// <summary>Writes a text.</summary>
    /// <param name="name">The file.</param>
    /// <param name="text">Its content.</param>
    /// <param name="replaces">Whether the text has what stood in the file before, so that it may be replaced.</param>
    public void Write(string name, string text, bool replaces = false)
    {
        File.WriteAllText(Path.Combine(_staging, name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (replaces)
        {
            _replaced.Add(name);
        }
    }

    /// <summary>Moves the files into place, all or none.</summary>
    /// <returns>Their paths.</returns>
    /// <exception cref="IOException">A file of that name exists and is not to be replaced.</exception>
    public IReadOnlyList<string> Commit()
    {
        string[] names =
        [
            .. Directory
                .EnumerateFiles(_staging, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_staging, file))
                .Order(StringComparer.Ordinal),
        ];
        foreach (string name in names)
        {
            string target = Path.Combine(_path, name);
            if (!_force && !_replaced.Contains(name) && File.Exists(target))
            {
                throw new IOException(
                    $"{target} exists already; choose another --out or --name, or replace it with --force."
                );
            }
        }

        foreach (string name in names)
        {
            string target = Path.Combine(_path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(Path.Combine(_staging, name), target, overwrite: true);
        }

        return [.. names.Select(name => Path.Combine(_path, name))];
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_staging))
        {
            Directory.Delete(_staging, recursive: true);
        }
    }
}
