namespace Tsds.Data.Files;

/// <summary>
/// A folder that changes as a whole or not at all: its files are written beside it and put into place at the end.
/// </summary>
/// <remarks>
/// <para>
/// A folder that does not exist yet appears by one renaming. In one that exists, files move one by one; what they
/// replace is kept until all are there, and a journal says which they are. A commit that fails puts everything back;
/// one whose process is killed is put back by the next run that writes the same folder.
/// </para>
/// <para>
/// Beside the output lies <c>.NAME.partial-ID</c> with <c>files</c> (the new content), <c>scratch</c>, <c>old</c>
/// (what was replaced), <c>journal.json</c> and the lock that distinguishes a living process from a killed one.
/// </para>
/// </remarks>
internal sealed class StagedFolder : IDisposable
{
    private const string FilesName = "files";
    private const string ScratchName = "scratch";
    private const string OldName = "old";
    private const string JournalName = "journal.json";

    private readonly string _path;
    private readonly string[]? _names;
    private readonly ScratchFolder _staging;

    private StagedFolder(string path, string[]? names, ScratchFolder staging)
    {
        _path = path;
        _names = names;
        _staging = staging;
        Folder = Directory.CreateDirectory(Path.Combine(staging.Path, FilesName)).FullName;
        Directory.CreateDirectory(Path.Combine(staging.Path, ScratchName));
    }

    /// <summary>Gets the folder in which files are written first.</summary>
    public string Folder { get; }

    /// <summary>Throws if an output folder is not empty, unless forced, or if a file has its path.</summary>
    /// <exception cref="IOException">The folder is not empty, or a file stands in its place.</exception>
    public static void Check(string path, bool force)
    {
        RefuseFile(path);
        if (!force && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new IOException(
                $"Expected the output folder {path} to be empty, found files in it; choose another --out, or "
                    + $"replace the selection in it with --force."
            );
        }
    }

    /// <summary>Creates a staged folder that will consist of some files and no others.</summary>
    /// <param name="path">The folder; need not exist.</param>
    /// <param name="force">True if it may hold something already.</param>
    /// <param name="names">The files that it may consist of, the one that says that it is complete last. Only these
    /// are ever replaced or removed.</param>
    /// <exception cref="IOException">The folder is not empty, or a file stands in its place.</exception>
    public static StagedFolder Create(string path, bool force, string[] names)
    {
        StagedFolder folder = Create(path, names);
        try
        {
            Check(path, force);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Creates a staged folder whose files are added to a folder, whatever else that contains.</summary>
    /// <param name="path">The folder; need not exist.</param>
    /// <exception cref="IOException">A file stands in its place.</exception>
    public static StagedFolder Create(string path) => Create(path, names: null);

    /// <summary>Gets the path to write a file of the folder to.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Gets the path of a file or folder that is needed only until the commit.</summary>
    public string ScratchPathOf(string name) => Path.Combine(_staging.Path, ScratchName, name);

    /// <summary>Gets the files that have been written so far, as paths below the folder.</summary>
    /// <returns>In the order of the names that the folder was created with, else in ordinal order.</returns>
    public IReadOnlyList<string> Written() =>
        _names is null ? FilesIn(Folder) : [.. _names.Where(name => File.Exists(PathOf(name)))];

    /// <summary>Determines whether the output folder has a file of this name already.</summary>
    public bool Replaces(string name) => File.Exists(Path.Combine(_path, name));

    /// <summary>Moves the files into place, all or none.</summary>
    /// <returns>The paths of the files, in the order of <see cref="Written"/>.</returns>
    public IReadOnlyList<string> Commit() => Commit(static () => { });

    /// <summary>Moves the files into place, all or none.</summary>
    /// <param name="changed">Called after each change of an existing output folder.</param>
    /// <returns>The paths of the files, in the order of <see cref="Written"/>.</returns>
    internal IReadOnlyList<string> Commit(Action changed)
    {
        IReadOnlyList<string> names = Written();
        if (Directory.Exists(_path))
        {
            try
            {
                Place(names, changed);
            }
            catch
            {
                PutBack(_path, _staging.Path);
                throw;
            }
        }
        else
        {
            Directory.Move(Folder, _path);
        }

        return [.. names.Select(name => Path.Combine(_path, name))];
    }

    /// <summary>Deletes what was not committed.</summary>
    public void Dispose() => _staging.Dispose();

    /// <summary>Creates a staged folder, after cleaning up what killed processes left of the same folder.</summary>
    private static StagedFolder Create(string path, string[]? names)
    {
        RefuseFile(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string parent = Path.GetDirectoryName(full) ?? full;
        string prefix = $".{Path.GetFileName(full)}.partial-";
        foreach (string folder in Directory.Exists(full) ? [parent, full] : new[] { parent })
        {
            ProveWritable(folder, prefix);
            ScratchFolder.DeleteAbandoned(folder, prefix, staging => PutBack(full, staging));
        }

        return new StagedFolder(full, names, ScratchFolder.Create(parent, prefix));
    }

    /// <summary>Refuses what could not be written to in the end, before any work is done.</summary>
    /// <remarks>
    /// The probe is an empty folder named like the staged ones: if this process is killed here, the next run removes
    /// it.
    /// </remarks>
    private static void ProveWritable(string folder, string prefix)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Directory.CreateDirectory(ScratchFolder.NewPath(folder, prefix)).FullName;
            RemoveIfThere(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Expected a folder that can be written to at {folder}, found that nothing can be made in it; "
                    + "choose another --out.",
                exception
            );
        }
    }

    private static void RemoveIfThere(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process took it for one that a killed process left.
        }
    }

    private static void RefuseFile(string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"Expected a folder at {path}, found a file; choose another --out.");
        }
    }

    private static string[] FilesIn(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(folder, file))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Undoes a commit that did not complete, except for files that were changed since.</summary>
    private static void PutBack(string path, string staging)
    {
        string journalPath = Path.Combine(staging, JournalName);
        if (FolderJournal.TryRead(journalPath) is not { } journal)
        {
            return;
        }

        string files = Path.Combine(staging, FilesName);
        string old = Path.Combine(staging, OldName);
        foreach (FolderJournal.PlacedFile file in journal.Files)
        {
            bool hasMoved = !File.Exists(Path.Combine(files, file.Name));
            string target = Path.Combine(path, file.Name);
            if (hasMoved && File.Exists(target) && FolderJournal.PlacedFile.Of(path, file.Name) == file)
            {
                File.Delete(target);
            }
        }

        foreach (string name in FilesIn(old).Where(name => !File.Exists(Path.Combine(path, name))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, name))!);
            File.Move(Path.Combine(old, name), Path.Combine(path, name));
        }

        foreach (string folder in journal.Folders.Reverse().Select(name => Path.Combine(path, name)))
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }

        File.Delete(journalPath);
    }

    /// <summary>Moves the files into an existing folder, and what they replace out of it.</summary>
    private void Place(IReadOnlyList<string> names, Action changed)
    {
        FolderJournal journal = new(
            [.. names.Select(name => FolderJournal.PlacedFile.Of(Folder, name))],
            [.. names.SelectMany(FoldersOf).Distinct().Where(name => !Directory.Exists(Path.Combine(_path, name)))]
        );
        string journalPath = Path.Combine(_staging.Path, JournalName);
        journal.Write(journalPath);
        foreach (string folder in journal.Folders)
        {
            Directory.CreateDirectory(Path.Combine(_path, folder));
            changed();
        }

        // The file that says that the folder is complete goes first and comes last: no mixture looks complete.
        string old = Path.Combine(_staging.Path, OldName);
        foreach (string name in (_names ?? names).Where(Replaces).Reverse())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(old, name))!);
            File.Move(Path.Combine(_path, name), Path.Combine(old, name));
            changed();
        }

        foreach (string name in names)
        {
            File.Move(Path.Combine(Folder, name), Path.Combine(_path, name));
            changed();
        }

        // From here on the commit is done.
        File.Delete(journalPath);
    }

    /// <summary>Gets the folders above a file, below the output folder, the highest first.</summary>
    private static IEnumerable<string> FoldersOf(string name)
    {
        Stack<string> folders = [];
        for (string? folder = Path.GetDirectoryName(name); !string.IsNullOrEmpty(folder); )
        {
            folders.Push(folder);
            folder = Path.GetDirectoryName(folder);
        }

        return folders;
    }
}
