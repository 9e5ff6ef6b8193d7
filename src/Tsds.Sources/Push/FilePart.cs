using Tsds.Data.Containers;

namespace Tsds.Sources.Push;

/// <summary>A part of a file, read from its beginning to its end.</summary>
internal sealed class FilePart : ForwardStream
{
    private readonly FileStream _file;
    private long _left;

    /// <summary>Initializes a part.</summary>
    /// <param name="file">The file; owned.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="count">The bytes from there.</param>
    public FilePart(FileStream file, long start, long count)
    {
        _file = file;
        _file.Position = start;
        _left = count;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
