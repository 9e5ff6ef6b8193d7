namespace Tsds.Data.Containers;

/// <summary>A stream that appends bytes to the end of another stream.</summary>
internal sealed class SuffixedStream : ForwardStream
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
}
