using System.IO.Compression;
using System.Security.Cryptography;

namespace Tsds.Data.Containers;

/// <summary>Decompresses gzip, all members of the file, and throws if the file ends too early.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of its input for the end of the data: a file cut in half reads as a shorter
/// file, without a word. So a member of our own is put after the file's last byte. If the file is whole, its content is
/// the last thing that comes out; if the file breaks off inside a member, or something else follows its last one, it is
/// not.
/// </remarks>
internal sealed class GzipDecoder : IDisposable
{
    private static readonly byte[] Seal = CreateSeal();
    private static readonly byte[] SealMember = CreateSealMember();

    private readonly GZipStream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Initializes a new instance of the <see cref="GzipDecoder"/> class.</summary>
    /// <param name="file">The compressed bytes; not disposed with this object.</param>
    public GzipDecoder(Stream file)
    {
        _stream = new GZipStream(new SuffixedStream(file, SealMember), CompressionMode.Decompress);
    }

    /// <summary>Reads decompressed bytes.</summary>
    /// <param name="destination">Receives them; not empty.</param>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or ends too early.</exception>
    public int Read(Span<byte> destination)
    {
        // As many bytes as the seal has are retained, because they may be the seal.
        while (_end - _start <= Seal.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            int read = _stream.Read(_buffer.AsSpan(_end));
            _end += read;
            if (read == 0)
            {
                return _buffer.AsSpan(0, _end).SequenceEqual(Seal)
                    ? 0
                    : throw new InvalidDataException("the gzip data ends too early, or something else follows it");
            }
        }

        int count = Math.Min(destination.Length, _end - _start - Seal.Length);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static byte[] CreateSeal()
    {
        // The same half twice: compressed, the second is a reference to the first, so that the seal cannot come out
        // of a reader that takes its compressed bytes for data.
        byte[] half = SHA256.HashData("the end of a gzip file"u8);
        return [.. half, .. half];
    }

    private static byte[] CreateSealMember()
    {
        using var member = new MemoryStream();
        using (var writer = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            writer.Write(Seal);
        }

        return member.ToArray();
    }
}
