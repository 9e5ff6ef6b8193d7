using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Tsds.Data.Rows;

/// <summary>An open file of rows: decompressed bytes out, and the hash of the bytes on disk.</summary>
internal sealed class RowFile : IDisposable
{
    private const int BlockSize = 1 << 16;

    // zstd --ultra --long=31 is the most that the format has; the window is the file's choice, and the memory for it ours.
    private const int MaxWindowLog = 31;

    private readonly string _path;
    private readonly HashingStream _file;
    private readonly GzipDecoder? _gzip;
    private readonly DecompressionStream? _zstandard;
    private long _decompressed;

    /// <summary>Initializes a new instance of the <see cref="RowFile"/> class.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The name does not say that it is a file of rows.</exception>
    public RowFile(string path)
    {
        _path = path;
        string container = RowContainer.Of(path)
            ?? throw new InvalidDataException($"{path}: expected a name that ends in .jsonl, .jsonl.gz or .jsonl.zst.");
        var stream = new FileStream(
            path,
            new FileStreamOptions
            {
                BufferSize = container == RowContainer.Plain ? 0 : BlockSize,
                Options = FileOptions.SequentialScan,
                Share = FileShare.Read,
            });
        Bytes = stream.Length;
        _file = new HashingStream(stream);
        if (container == RowContainer.Gzip)
        {
            _gzip = new GzipDecoder(_file);
        }
        else if (container == RowContainer.Zstandard)
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
    /// <param name="destination">Receives them; not empty.</param>
    /// <returns>How many; 0 at the end of the file.</returns>
    /// <exception cref="InvalidDataException">The compressed data are damaged or end too early.</exception>
    public int Read(Span<byte> destination)
    {
        try
        {
            int count = _gzip?.Read(destination) ?? _zstandard?.Read(destination) ?? _file.Read(destination);
            _decompressed += count;
            return count > 0 || _file.BytesRead > 0 || (_gzip is null && _zstandard is null)
                ? count
                : throw new InvalidDataException("the file is empty");
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
        catch (ZstdException e)
        {
            throw Damaged(e);
        }
        catch (EndOfStreamException e)
        {
            throw Damaged(e);
        }
    }

    /// <summary>Ends the hash; called once, after the last byte was read.</summary>
    /// <returns>The SHA-256 of the file, in lower-case hexadecimal.</returns>
    public string FinishHash() => _file.FinishHash();

    /// <inheritdoc/>
    public void Dispose()
    {
        _gzip?.Dispose();
        _zstandard?.Dispose();
        _file.Dispose();
    }

    private InvalidDataException Damaged(Exception e) => new(
        $"{_path}: expected whole compressed data, found an error near byte {_file.BytesRead} of the file "
        + $"(after {_decompressed} decompressed bytes): {e.Message.TrimEnd('.')}. Fetch or compress the file again.",
        e);
}
