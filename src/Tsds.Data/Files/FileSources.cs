using System.Collections.Concurrent;
using Tsds.Pools;

namespace Tsds.Data.Files;

/// <summary>
/// The one place where the path of a file of rows or vectors is opened: a file on disk, or an address such as
/// <c>s3://bucket/rows.jsonl</c>.
/// </summary>
/// <remarks>
/// The sources of a run are those that <see cref="Use"/> made current where the run was started; whatever it starts
/// sees them too. Addresses stand for what they held when they were first listed: a file that changes ends the run.
/// </remarks>
internal sealed class FileSources : IDisposable
{
    private const int MostRequests = 16;

    private static readonly AsyncLocal<FileSources?> Ambient = new();

    private readonly IReadOnlyList<IFileSource> _sources;
    private readonly FileCache _cache;
    private readonly ConcurrentDictionary<string, RemoteFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RemoteBlocks> _blocks = new(StringComparer.Ordinal);

    /// <summary>Initializes the sources of a run.</summary>
    /// <param name="sources">The sources; owned.</param>
    /// <param name="cache">Keeps what was read.</param>
    /// <param name="cancellation">Stops the run.</param>
    public FileSources(IReadOnlyList<IFileSource> sources, FileCache cache, CancellationToken cancellation = default)
    {
        (_sources, _cache, Cancellation) = (sources, cache, cancellation);
    }

    /// <summary>Gets the token that stops the run.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets how often what fails is tried again.</summary>
    public SourceRetry Retry { get; init; } = new();

    /// <summary>Gets the time without a byte after which a connection counts as broken.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the right to have a request under way, of which there are a few.</summary>
    public SemaphoreSlim Requests { get; } = new(MostRequests);

    /// <summary>Makes sources current for what the caller starts from here on; null for none.</summary>
    public static void Use(FileSources? sources) => Ambient.Value = sources;

    /// <summary>Determines whether a path is an address.</summary>
    public static bool IsAddress(string path)
    {
        int end = path.IndexOf("://", StringComparison.Ordinal);
        return end > 1
            && path.AsSpan(0, end).IndexOfAnyExceptInRange('a', 'z') is var other
            && (other < 0 || (other > 0 && char.IsAsciiDigit(path[other])));
    }

    /// <summary>Returns the path that a relative one has from a folder on; an address is never relative.</summary>
    /// <param name="root">The folder, or null for the current one.</param>
    /// <param name="path">The path.</param>
    public static string Locate(string? root, string path) =>
        root is null || IsAddress(path) ? path : Path.Combine(root, path);

    /// <summary>Determines whether there is a file at a path.</summary>
    public static bool Exists(string path) =>
        IsAddress(path) ? Current(path).FindFile(path) is not null : File.Exists(path);

    /// <summary>Gets the size of a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static long LengthOf(string path) =>
        IsAddress(path) ? Current(path).Required(path).Bytes : FileLength.Of(path);

    /// <summary>Gets the revision or ETag of a file; null if it has none, as files on disk.</summary>
    public static string? VersionOf(string path) => IsAddress(path) ? Current(path).Required(path).Version : null;

    /// <summary>Gets the SHA-256 of a file where its source knows it; else null.</summary>
    public static string? KnownHashOf(string path) => IsAddress(path) ? Current(path).Required(path).Sha256 : null;

    /// <summary>Opens a file for reading here and there.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Stream OpenRead(string path) =>
        OpenRead(path, new FileStreamOptions { Share = FileShare.Read, BufferSize = 1 << 12 });

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">How a file on disk is opened.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Stream OpenRead(string path, FileStreamOptions options)
    {
        if (!IsAddress(path))
        {
            return new FileStream(path, options);
        }

        FileSources current = Current(path);
        RemoteFile file = current.Required(path);
        if (file.LocalPath is { } local)
        {
            return new FileStream(local, options);
        }

        return new RemoteStream(current.BlocksOf(file, isNeeded: !file.HasRanges), file.Bytes);
    }

    /// <summary>Returns a path on disk that has the content of a file, until the run ends.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Localize(string path)
    {
        if (!IsAddress(path))
        {
            return path;
        }

        FileSources current = Current(path);
        RemoteFile file = current.Required(path);
        if (file.LocalPath is { } local)
        {
            return local;
        }

        RemoteBlocks blocks = current.BlocksOf(file, isNeeded: true);
        using RemoteStream stream = new(blocks, file.Bytes);
        stream.CopyTo(Stream.Null);
        return blocks.DataPath!;
    }

    /// <summary>Finds one file at an address.</summary>
    /// <returns>Null if there is none.</returns>
    public static RemoteFile? Find(string address) => Current(address).FindFile(address);

    /// <inheritdoc cref="IFileSource.VectorsOf"/>
    public static string VectorsOf(string address) => Current(address).SourceOf(address).VectorsOf(address);

    /// <inheritdoc cref="IFileSource.RootOf"/>
    public static string RootOf(string address) => Current(address).SourceOf(address).RootOf(address);

    /// <summary>Lists all files below a folder at an address.</summary>
    /// <param name="folder">The folder, with its slash.</param>
    public static IReadOnlyList<RemoteFile> List(string folder)
    {
        FileSources current = Current(folder);
        IReadOnlyList<RemoteFile> files = current
            .Retry.RunAsync(
                folder,
                () => current.WaitAsync(token => current.SourceOf(folder).ListAsync(folder, token)),
                current.Cancellation
            )
            .GetAwaiter()
            .GetResult();
        return [.. files.Select(file => current._files.GetOrAdd(file.Address, file))];
    }

    /// <summary>Starts the time after which a call without an answer counts as broken.</summary>
    public CancellationTokenSource StartWaiting()
    {
        CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        return patience;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RemoteBlocks blocks in _blocks.Values)
        {
            blocks.Dispose();
        }

        foreach (IFileSource source in _sources)
        {
            source.Dispose();
        }

        _cache.Trim();

        Requests.Dispose();
    }

    private static FileSources Current(string address) =>
        Ambient.Value
        ?? throw new InvalidOperationException(
            $"{address}: expected a path on disk, found an address, which only a run with sources can read; open them "
                + $"first, or copy the file."
        );

    private RemoteBlocks BlocksOf(RemoteFile file, bool isNeeded)
    {
        lock (_blocks)
        {
            if (!_blocks.TryGetValue(file.Address, out RemoteBlocks? blocks) || (isNeeded && blocks.DataPath is null))
            {
                blocks = new RemoteBlocks(file, SourceOf(file.Address), this, _cache.TryOpen(file, isNeeded));
                _blocks[file.Address] = blocks;
            }

            return blocks;
        }
    }

    private RemoteFile Required(string address) =>
        FindFile(address)
        ?? throw new FileNotFoundException($"{address}: expected a file, found none at that address.", address);

    private RemoteFile? FindFile(string address)
    {
        if (_files.TryGetValue(address, out RemoteFile? known))
        {
            return known;
        }

        IFileSource source = SourceOf(address);
        RemoteFile? found = Retry
            .RunAsync(
                source.LabelOf(address),
                () =>
                    source.CopiesFirst
                        ? source.FindAsync(address, Cancellation)
                        : WaitAsync(token => source.FindAsync(address, token)),
                Cancellation
            )
            .GetAwaiter()
            .GetResult();
        return found is null ? null : _files.GetOrAdd(address, found);
    }

    private async Task<TResult> WaitAsync<TResult>(Func<CancellationToken, Task<TResult>> call)
    {
        using CancellationTokenSource patience = StartWaiting();
        return await call(patience.Token).ConfigureAwait(false);
    }

    private IFileSource SourceOf(string address)
    {
        string scheme = address[..address.IndexOf("://", StringComparison.Ordinal)];
        return _sources.FirstOrDefault(source => source.Serves(scheme))
            ?? throw new ArgumentException(
                $"{scheme}://...: expected an address that begins with hf://, s3://, https://, postgres:// or "
                    + $"qdrant://, found {scheme}://; copy the file, or give a path."
            );
    }
}
