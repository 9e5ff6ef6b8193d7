using System.IO.MemoryMappedFiles;

namespace Tsds.Pools;

/// <summary>A file that is memory-mapped for reading.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _data;

    /// <summary>Initializes the mapping of a file. An empty file maps to nothing.</summary>
    public MappedFile(string path)
    {
        Length = FileLength.Of(path);
        if (Length > 0)
        {
            _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _data = start + _view.PointerOffset;
        }
    }

    public long Length { get; }

    /// <summary>Returns values at an offset in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie within the file.</exception>
    public ReadOnlySpan<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + ((long)count * sizeof(T)), Length, nameof(count));
        return new ReadOnlySpan<T>(_data + offset, count);
    }

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }
}
