using System.Security.Cryptography;

namespace Tsds.Orleans.Workers;

/// <summary>The blobs that clients have uploaded, by SHA-256. The most recently used are kept, up to a bound.</summary>
internal sealed class BlobStore(long capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Blob> _blobs = new();

    /// <summary>Returns how many bytes of a blob have been received.</summary>
    public long LengthOf(string id)
    {
        lock (_lock)
        {
            return Find(id)?.Received ?? 0;
        }
    }

    /// <summary>Appends a piece; a piece that was already received is ignored.</summary>
    /// <exception cref="InvalidDataException">The blob is too large, or its content does not match its
    /// name.</exception>
    public void Put(string id, long length, long offset, ReadOnlySpan<byte> piece)
    {
        lock (_lock)
        {
            Blob blob = Find(id) ?? Add(id, length);
            if (
                blob.Bytes.LongLength != length
                || offset < 0
                || offset > blob.Received
                || piece.Length > length - offset
            )
            {
                throw new InvalidDataException(
                    $"Expected a piece at {blob.Received} of {blob.Bytes.LongLength} bytes, found one at "
                        + $"{offset} of {length}."
                );
            }

            piece.CopyTo(blob.Bytes.AsSpan((int)offset));
            blob.Received = Math.Max(blob.Received, offset + piece.Length);
            if (blob.Received == length && Convert.ToHexStringLower(SHA256.HashData(blob.Bytes)) != id)
            {
                _blobs.Remove(blob);
                throw new InvalidDataException(
                    "Expected bytes with the hash that they were announced with, found others."
                );
            }
        }
    }

    /// <summary>Returns a blob that is complete, or null.</summary>
    public byte[]? Get(string id)
    {
        lock (_lock)
        {
            return Find(id) is { } blob && blob.Received == blob.Bytes.LongLength ? blob.Bytes : null;
        }
    }

    private Blob? Find(string id)
    {
        if (_blobs.FirstOrDefault(blob => blob.Id == id) is not { } found)
        {
            return null;
        }

        _blobs.Remove(found);
        _blobs.AddLast(found);
        return found;
    }

    private Blob Add(string id, long length)
    {
        if (length < 0 || length > capacity)
        {
            throw new InvalidDataException(
                $"Expected at most {capacity:N0} bytes of points at once, found {length:N0}; select with a "
                    + $"smaller --memory, which makes smaller passes."
            );
        }

        while (_blobs.Count > 0 && _blobs.Sum(blob => blob.Bytes.LongLength) + length > capacity)
        {
            _blobs.RemoveFirst();
        }

        return _blobs.AddLast(new Blob(id, new byte[length])).Value;
    }

    private sealed class Blob(string id, byte[] bytes)
    {
        public string Id => id;

        public byte[] Bytes => bytes;

        public long Received { get; set; }
    }
}
