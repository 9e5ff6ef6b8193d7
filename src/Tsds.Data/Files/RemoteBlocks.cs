namespace Tsds.Data.Files;

/// <summary>The content of a file at an address, in blocks that are read once and shared.</summary>
/// <remarks>At most <see cref="MostInMemory"/> blocks of a file are in memory.</remarks>
internal sealed class RemoteBlocks : IDisposable
{
    /// <summary>The size of a block; the last of a file is shorter.</summary>
    public const int BlockBytes = 1 << 20;

    private const int MostInMemory = 24;

    private readonly RemoteFile _file;
    private readonly IFileSource _source;
    private readonly FileSources _owner;
    private readonly FileCacheEntry? _entry;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Task<byte[]>> _blocks = [];
    private readonly Queue<long> _order = new();
    private Task? _whole;
    private int _streams;

    /// <summary>Initializes the blocks of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">Where it is read.</param>
    /// <param name="owner">Says how often and how many at a time.</param>
    /// <param name="entry">Keeps the blocks on disk; owned; null to read them anew each time.</param>
    public RemoteBlocks(RemoteFile file, IFileSource source, FileSources owner, FileCacheEntry? entry)
    {
        (_file, _source, _owner, _entry) = (file, source, owner, entry);
    }

    /// <summary>Gets the path at which the content is once all blocks were read; null if it is not kept.</summary>
    public string? DataPath => _entry?.DataPath;

    /// <summary>Gets the number of blocks.</summary>
    public long Count => (_file.Bytes + BlockBytes - 1) / BlockBytes;

    /// <summary>Counts a stream that reads the file.</summary>
    public void Attach() => Interlocked.Increment(ref _streams);

    /// <summary>Forgets what is in memory when nobody reads the file any more.</summary>
    public void Detach()
    {
        if (Interlocked.Decrement(ref _streams) == 0)
        {
            lock (_gate)
            {
                _blocks.Clear();
                _order.Clear();
            }
        }
    }

    /// <summary>Returns a block, from memory, from disk, or from the source.</summary>
    /// <exception cref="IOException">The file changed, or its source does not answer.</exception>
    public Task<byte[]> GetAsync(long block)
    {
        lock (_gate)
        {
            if (_blocks.TryGetValue(block, out Task<byte[]>? known) && known is not { IsFaulted: true })
            {
                return known;
            }

            // Beyond what is still on its way, the oldest blocks go.
            while (
                _order.Count >= MostInMemory
                && (!_blocks.TryGetValue(_order.Peek(), out Task<byte[]>? oldest) || oldest.IsCompleted)
            )
            {
                _blocks.Remove(_order.Dequeue());
            }

            Task<byte[]> loading = Task.Run(() => LoadAsync(block), _owner.Cancellation);
            _blocks[block] = loading;
            _order.Enqueue(block);
            return loading;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entry?.Dispose();

    private async Task<byte[]> LoadAsync(long block)
    {
        long start = block * BlockBytes;
        byte[] content = new byte[Math.Min(BlockBytes, _file.Bytes - start)];
        if (_entry?.TryRead(block, content) == true)
        {
            return content;
        }

        if (!_file.HasRanges)
        {
            Task whole;
            lock (_gate)
            {
                whole = _whole is null or { IsFaulted: true } ? _whole = ReadWholeAsync() : _whole;
            }

            await whole.ConfigureAwait(false);
            return _entry!.TryRead(block, content)
                ? content
                : throw new IOException($"{_file.Address}: expected block {block} in the cache, found none.");
        }

        await _owner.Requests.WaitAsync(_owner.Cancellation).ConfigureAwait(false);
        try
        {
            await FillAsync(content, start).ConfigureAwait(false);
        }
        finally
        {
            _owner.Requests.Release();
        }

        _entry?.Write(block, content);
        return content;
    }

    /// <summary>Reads a part; where the connection breaks, what came stays, and the rest is asked for.</summary>
    private async Task FillAsync(byte[] content, long start)
    {
        int filled = 0;
        for (int tried = 1; filled < content.Length; tried++)
        {
            try
            {
                using CancellationTokenSource patience = _owner.StartWaiting();
                Stream part = await _source
                    .OpenAsync(_file, start + filled, content.Length - filled, patience.Token)
                    .ConfigureAwait(false);
                await using (part.ConfigureAwait(false))
                {
                    while (filled < content.Length)
                    {
                        patience.CancelAfter(_owner.Patience);
                        int read = await part.ReadAsync(content.AsMemory(filled), patience.Token).ConfigureAwait(false);
                        if (read == 0)
                        {
                            throw new SourceException($"the connection ended at byte {start + filled}")
                            {
                                IsPassing = true,
                            };
                        }

                        // What makes progress may go on for ever.
                        filled += read;
                        tried = 0;
                        _owner.Retry.HasAnswered();
                    }
                }
            }
            catch (Exception exception) when (SourceRetry.IsPassing(exception, _owner.Cancellation))
            {
                await _owner
                    .Retry.PauseAsync(_file.Address, Math.Max(tried, 1), exception, _owner.Cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a file whose server knows no ranges from its first byte to its last.</summary>
    private Task<bool> ReadWholeAsync() =>
        _owner.Retry.RunAsync(
            _file.Address,
            async () =>
            {
                using CancellationTokenSource patience = _owner.StartWaiting();
                Stream whole = await _source.OpenAsync(_file, 0, _file.Bytes, patience.Token).ConfigureAwait(false);
                await using (whole.ConfigureAwait(false))
                {
                    byte[] content = new byte[BlockBytes];
                    for (long block = 0; block < Count; block++)
                    {
                        int length = (int)Math.Min(BlockBytes, _file.Bytes - (block * BlockBytes));
                        patience.CancelAfter(_owner.Patience);
                        int read = await whole
                            .ReadAtLeastAsync(
                                content.AsMemory(0, length),
                                length,
                                throwOnEndOfStream: false,
                                patience.Token
                            )
                            .ConfigureAwait(false);
                        if (read < length)
                        {
                            throw new SourceException($"the connection ended at byte {(block * BlockBytes) + read}")
                            {
                                IsPassing = true,
                            };
                        }

                        _entry!.Write(block, content.AsSpan(0, length));
                    }
                }

                return true;
            },
            _owner.Cancellation
        );
}
