namespace Tsds.Data.Files;

/// <summary>
/// A file at an address as a stream that can be sought: blocks ahead are on their way where it is read on and on.
/// </summary>
internal sealed class RemoteStream : Stream
{
    private const int MostAhead = 8;

    private readonly RemoteBlocks _blocks;
    private readonly long _length;
    private long _position;
    private long _current = -1;
    private byte[] _content = [];
    private int _ahead;
    private bool _isClosed;

    /// <summary>Initializes a stream.</summary>
    /// <param name="blocks">The content.</param>
    /// <param name="length">Its size.</param>
    public RemoteStream(RemoteBlocks blocks, long length)
    {
        (_blocks, _length) = (blocks, length);
        blocks.Attach();
    }

    /// <summary>
    /// Gets the reason why reading failed, or null: a library that reads through the stream may say it less well.
    /// </summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        long block = _position / RemoteBlocks.BlockBytes;
        if (block != _current)
        {
            // Twice as far each time, so that a look at the beginning of a file costs one block.
            _ahead = block == _current + 1 && block > 0 ? Math.Min(MostAhead, Math.Max(1, 2 * _ahead)) : 0;
            Task<byte[]> wanted = _blocks.GetAsync(block);
            for (long next = block + 1; next <= block + _ahead && next < _blocks.Count; next++)
            {
                _ = _blocks.GetAsync(next);
            }

            try
            {
                _content = wanted.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                Failure = exception;
                throw;
            }

            _current = block;
        }

        int start = (int)(_position % RemoteBlocks.BlockBytes);
        int count = Math.Min(buffer.Length, _content.Length - start);
        _content.AsSpan(start, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _blocks.Detach();
        }

        base.Dispose(disposing);
    }
}
