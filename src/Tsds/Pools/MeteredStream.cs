namespace Tsds.Pools;

/// <summary>
/// A read-only stream over another one that allows only a number of bytes to be read in all, so that a corrupt file
/// cannot make its reader allocate without bound.
/// </summary>
internal sealed class MeteredStream(Stream inner, long limit, string path) : Stream
{
    /// <summary>Gets the bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">More than the limit has been read.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        BytesRead += count;
        return BytesRead <= limit
            ? count
            : throw new InvalidDataException(
                $"Expected at most {limit:N0} bytes that describe the elements in {path}, found more; save "
                    + $"the embeddings in a file of their own."
            );
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
