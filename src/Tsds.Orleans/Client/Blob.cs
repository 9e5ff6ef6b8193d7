using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tsds.Orleans.Client;

/// <summary>Values that are uploaded to workers, named by the SHA-256 of their bytes.</summary>
internal sealed class Blob
{
    private readonly byte[] _bytes;

    private Blob(byte[] bytes)
    {
        _bytes = bytes;
        Id = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    public string Id { get; }

    public long Length => _bytes.LongLength;

    public static Blob Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values).ToArray());

    public byte[] Piece(long offset, int count) =>
        _bytes.AsSpan((int)offset, (int)Math.Min(count, Length - offset)).ToArray();
}
