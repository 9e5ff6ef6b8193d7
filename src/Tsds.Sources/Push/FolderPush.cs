using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;
using Tsds.Data.Store;
using Tsds.Sources.S3;

namespace Tsds.Sources.Push;

/// <summary>
/// An output folder in object storage: its files are written to a folder on disk, and sent when all are there, the one
/// that says that the folder is complete last.
/// </summary>
/// <remarks>
/// The folder on disk lies in the cache and belongs to the address, so that a run that was killed finds what it had.
/// Before anything is sent it notes the names: what is found at the address under one of them is an earlier run's own.
/// </remarks>
internal sealed class FolderPush : IDisposable
{
    private const string Scheme = "s3://";
    private const string OutputsName = "outputs";
    private const string FilesName = "files";
    private const string SentName = "sent.txt";

    /// <summary>The number of times that a request is sent again before the whole file is.</summary>
    private const int Retries = 3;

    private static readonly TimeSpan NoticePause = TimeSpan.FromSeconds(2);

    private readonly string _root;
    private readonly string _staging;
    private readonly FolderLock _lock;
    private readonly S3Source _server;
    private readonly SourceRetry _retry;
    private readonly Action<string>? _notice;
    private bool _isSent;

    private FolderPush(string root, string staging, FolderLock alone, SourceOptions options)
    {
        (_root, _staging, _lock, _notice) = (root, staging, alone, options.Notice);
        _server = new S3Source(S3Settings.Of(options), Retries);
        _retry = options.CreateRetry();
    }

    /// <summary>Gets the folder on disk; it need not exist.</summary>
    public string Folder => Path.Combine(_staging, FilesName);

    /// <summary>Determines whether an output folder is one in object storage.</summary>
    /// <param name="output">What was given for the folder.</param>
    /// <exception cref="ArgumentException">It is another address.</exception>
    public static bool IsAddress(string output) =>
        output.StartsWith(Scheme, StringComparison.Ordinal)
        || (
            FileSources.IsAddress(output)
                ? throw new ArgumentException(
                    $"--out: expected a folder or s3://BUCKET/PREFIX, found '{output}', to which no folder is written."
                )
                : false
        );

    /// <summary>Opens an output folder.</summary>
    /// <param name="address">The address, <c>s3://BUCKET/PREFIX</c>.</param>
    /// <param name="replaces">True if what is there is replaced.</param>
    /// <param name="goesOn">True if what an earlier run has left on disk is of use.</param>
    /// <param name="options">How the server is reached.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The address is not complete.</exception>
    /// <exception cref="IOException">There is something at the address, or another run writes to it, or the server
    /// refuses.</exception>
    public static async Task<FolderPush> OpenAsync(
        string address,
        bool replaces,
        bool goesOn,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        string root = address.TrimEnd('/') + "/";
        S3Address.Parse(root, hasNamespace: false);
        string cache = new VectorCache(options.CacheFolder).Folder;
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Endpoint}\n{root}")))[
            ..32
        ];
        string staging = Directory.CreateDirectory(Path.Combine(cache, OutputsName, key)).FullName;
        FolderLock alone =
            FolderLock.TryTake(staging, isPassing: true)
            ?? throw new IOException(
                $"{address}: expected no other run that writes there, found one; wait for its end."
            );
        FolderPush push = new(root, staging, alone, options);
        try
        {
            await push.CheckAsync(replaces, cancellationToken).ConfigureAwait(false);
            if (!goesOn && Directory.Exists(push.Folder))
            {
                Directory.Delete(push.Folder, recursive: true);
            }

            return push;
        }
        catch
        {
            push.Dispose();
            throw;
        }
    }

    /// <summary>Deletes what runs that were killed have left on disk, unless another run uses it.</summary>
    /// <param name="cacheFolder">The folder of the cache.</param>
    /// <returns>The bytes freed.</returns>
    public static long Clear(string cacheFolder)
    {
        string outputs = Path.Combine(cacheFolder, OutputsName);
        long freed = 0;
        foreach (string staging in Directory.Exists(outputs) ? Directory.GetDirectories(outputs) : [])
        {
            if (FolderLock.TryTake(staging, isPassing: true) is { } alone)
            {
                freed += new DirectoryInfo(staging)
                    .EnumerateFiles("*", SearchOption.AllDirectories)
                    .Sum(file => file.Length);
                Remove(staging, alone);
            }
        }

        return freed;
    }

    /// <summary>Sends files of the folder, and deletes the folder on disk.</summary>
    /// <param name="files">The paths of the files, the one that says that all are there last.</param>
    /// <param name="removable">The names of files of an earlier output that do not stay.</param>
    /// <param name="cancellationToken">Stops; what is there does not look complete.</param>
    /// <returns>The addresses of the files.</returns>
    /// <exception cref="IOException">The server refuses, or cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> SendAsync(
        IReadOnlyList<string> files,
        IReadOnlyCollection<string> removable,
        CancellationToken cancellationToken
    )
    {
        string[] names =
        [
            .. files.Select(file => Path.GetRelativePath(Folder, file).Replace(Path.DirectorySeparatorChar, '/')),
        ];
        AtomicFile.WriteText(Path.Combine(_staging, SentName), string.Join('\n', names));
        IReadOnlyDictionary<string, long> before = await ListAsync(cancellationToken).ConfigureAwait(false);

        // No mixture of two outputs looks complete.
        foreach (string name in names.Reverse().Union(removable).Where(before.ContainsKey))
        {
            await _retry
                .RunAsync(_root + name, () => _server.DeleteAsync(_root + name, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }

        long noticed = Stopwatch.GetTimestamp();
        for (int i = 0; i < names.Length - 1; i++)
        {
            await PutAsync(names[i], files[i], cancellationToken).ConfigureAwait(false);
            if (Stopwatch.GetElapsedTime(noticed) > NoticePause)
            {
                noticed = Stopwatch.GetTimestamp();
                _notice?.Invoke(
                    string.Create(CultureInfo.InvariantCulture, $"{_root}: {i + 1:N0} of {names.Length:N0} files sent")
                );
            }
        }

        await CheckSentAsync(names[..^1], files, cancellationToken).ConfigureAwait(false);
        await PutAsync(names[^1], files[^1], cancellationToken).ConfigureAwait(false);
        _isSent = true;
        return [.. names.Select(name => _root + name)];
    }

    /// <summary>Deletes the folder on disk if all of it was sent, or there is nothing of use in it.</summary>
    public void Dispose()
    {
        _server.Dispose();
        bool isUsed =
            File.Exists(Path.Combine(_staging, SentName))
            || (Directory.Exists(Folder) && Directory.EnumerateFileSystemEntries(Folder).Any());
        if (isUsed && !_isSent)
        {
            _lock.Dispose();
            return;
        }

        Remove(_staging, _lock);
    }

    private static void Remove(string staging, FolderLock alone)
    {
        foreach (string folder in Directory.GetDirectories(staging))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(Path.Combine(staging, SentName));
        alone.Dispose();
        try
        {
            Directory.Delete(staging);
        }
        catch (IOException)
        {
            // Another run has taken it.
        }
    }

    /// <summary>Throws if there is something at the address that no run from here has begun to send.</summary>
    private async Task CheckAsync(bool replaces, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> found = await ListAsync(cancellationToken).ConfigureAwait(false);
        string sent = Path.Combine(_staging, SentName);
        string[] own = File.Exists(sent) ? File.ReadAllLines(sent) : [];
        if (!replaces && found.Keys.FirstOrDefault(name => !own.Contains(name)) is { } other)
        {
            throw new IOException(
                $"Expected nothing at {_root}, found {other}; choose another --out, or replace it with --force."
            );
        }
    }

    /// <summary>Throws if a file is not there in its size.</summary>
    private async Task CheckSentAsync(string[] names, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> found = await ListAsync(cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < names.Length; i++)
        {
            long bytes = new FileInfo(files[i]).Length;
            if (!found.TryGetValue(names[i], out long there) || there != bytes)
            {
                throw new IOException(
                    $"{_root}{names[i]}: expected the {bytes} bytes that were sent, found {there}; another run writes "
                        + "there, or the server lost them: run the same command again."
                );
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, long>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RemoteFile> files = await _retry
            .RunAsync(_root, () => _server.ListAsync(_root, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return files.ToDictionary(file => file.Address[_root.Length..], file => file.Bytes, StringComparer.Ordinal);
    }

    private Task PutAsync(string name, string path, CancellationToken cancellationToken) =>
        _retry.RunAsync(_root + name, () => _server.PutAsync(_root + name, path, cancellationToken), cancellationToken);
}
