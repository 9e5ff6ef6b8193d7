namespace Tsds.Data.Rows;

/// <summary>Hands on another stream and, after its end, some bytes more.</summary>
internal sealed class SuffixedStream : Stream
{
    private readonly Stream _inner;
    private readonly byte[] _suffix;
    private int _given;
    private bool _isAtEnd;

    /// <summary>Initializes a new instance of the <see cref="SuffixedStream"/> class.</summary>
    /// <param name="inner">The stream to read; not disposed with this one.</param>
    /// <param name="suffix">The bytes that follow its last.</param>
    public SuffixedStream(Stream inner, byte[] suffix)
    {
        _inner = inner;
        _suffix = suffix;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (!_isAtEnd)
        {
            int count = _inner.Read(buffer);
            if (count > 0 || buffer.IsEmpty)
            {
                return count;
            }

            _isAtEnd = true;
        }

        int rest = Math.Min(buffer.Length, _suffix.Length - _given);
        _suffix.AsSpan(_given, rest).CopyTo(buffer);
        _given += rest;
        return rest;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
