namespace Tsds.Data.Containers;

/// <summary>
/// A stream that reads another one and records whether its last four bytes were zero, Arrow's mark of the end.
/// </summary>
internal sealed class TailStream : ForwardStream
{
    private readonly Stream _inner;
    private int _zeros;

    /// <summary>Initializes a new instance of the <see cref="TailStream"/> class.</summary>
    /// <param name="inner">The stream to read; not disposed with this one.</param>
    public TailStream(Stream inner)
    {
        _inner = inner;
    }

    /// <summary>Gets a value indicating whether the last four bytes that were read are zero.</summary>
    public bool EndsInZeros => _zeros >= 4;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = _inner.Read(buffer);
        int last = buffer[..count].LastIndexOfAnyExcept((byte)0);
        _zeros = last < 0 ? Math.Min(_zeros + count, 4) : count - 1 - last;
        return count;
    }
}
