using Tsds.Data.Files;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Tsds.Data.Containers;

/// <summary>
/// An open file, read from its beginning to its end: decompressed bytes, and the hash of the bytes on disk.
/// </summary>
internal sealed class UnpackedStream : ForwardStream
{
    private const int BlockSize = 1 << 16;
    private const string CutOrDamaged = "the file was cut, or is damaged";

    // zstd --ultra --long=31 is the most that the format has; the window is the file's choice, and the memory for it
    // ours.
    private const int MaxWindowLog = 31;

    private readonly string _name;
    private readonly HashingStream _file;
    private readonly GzipDecoder? _gzip;
    private readonly DecompressionStream? _zstandard;
    private long _decompressed;

    /// <summary>Initializes a new instance of the <see cref="UnpackedStream"/> class.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name that it goes by in messages.</param>
    /// <param name="packing">How it is compressed.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public UnpackedStream(string path, string name, RowPacking packing)
    {
        _name = name;
        Stream stream = FileSources.OpenRead(
            path,
            new FileStreamOptions
            {
                BufferSize = packing == RowPacking.None ? 0 : BlockSize,
                Options = FileOptions.SequentialScan,
                Share = FileShare.Read,
            }
        );
        Bytes = stream.Length;
        _file = new HashingStream(stream);
        if (packing == RowPacking.Gzip)
        {
            _gzip = new GzipDecoder(_file);
        }
        else if (packing == RowPacking.Zstandard)
        {
            _zstandard = new DecompressionStream(_file, BlockSize, checkEndOfStream: true, leaveOpen: true);
            _zstandard.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        }
    }

    /// <summary>Gets the size of the file on disk, in bytes, when it was opened.</summary>
    public long Bytes { get; }

    /// <summary>Gets the number of bytes read from disk so far.</summary>
    public long BytesRead => _file.BytesRead;

    /// <summary>Reads decompressed bytes.</summary>
    /// <param name="buffer">Receives them; not empty.</param>
    /// <returns>How many; 0 at the end of the file.</returns>
    /// <exception cref="InvalidDataException">The compressed data are damaged or end too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int count = _gzip?.Read(buffer) ?? _zstandard?.Read(buffer) ?? _file.Read(buffer);
            _decompressed += count;
            return count > 0 || _file.BytesRead > 0 || (_gzip is null && _zstandard is null)
                ? count
                : throw new InvalidDataException("the file is empty");
        }
        catch (InvalidDataException e)
        {
            // The system's decoder gives reasons of zip archives, none of which is the cause here.
            throw Damaged(e, e.Message.StartsWith("the ", StringComparison.Ordinal) ? e.Message : CutOrDamaged);
        }
        catch (ZstdException e)
        {
            throw Damaged(e, e.Message);
        }
        catch (EndOfStreamException e)
        {
            throw Damaged(e, CutOrDamaged);
        }
    }

    /// <summary>Completes the hash and returns it; called once, when all has been read.</summary>
    /// <returns>The SHA-256 of the whole file, in lower-case hexadecimal.</returns>
    public string FinishHash()
    {
        // A format that says where it ends may leave bytes behind it.
        _file.CopyTo(Null);
        return _file.FinishHash();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip?.Dispose();
            _zstandard?.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private InvalidDataException Damaged(Exception e, string reason) =>
        new(
            $"{_name}: expected whole compressed data, found an error near byte {_file.BytesRead} of the file "
                + $"(after {_decompressed} decompressed bytes): {reason.TrimEnd('.')}. Fetch or compress "
                + $"the file again.",
            e
        );
}
