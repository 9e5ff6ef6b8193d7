using System.Security.Cryptography;

namespace Tsds.Data.Containers;

/// <summary>
/// A stream that hashes what is read from another stream, so that no second pass over the file is needed.
/// </summary>
internal sealed class HashingStream : ForwardStream
{
    private readonly Stream _inner;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Initializes a new instance of the <see cref="HashingStream"/> class.</summary>
    /// <param name="inner">The stream to read; disposed with this one.</param>
    public HashingStream(Stream inner)
    {
        _inner = inner;
    }

    /// <summary>Gets the number of bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Completes the hash and returns it.</summary>
    /// <returns>The SHA-256 of what was read, in lower-case hexadecimal.</returns>
    public string FinishHash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = _inner.Read(buffer);
        _hash.AppendData(buffer[..count]);
        BytesRead += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
