using System.Buffers;
using System.Globalization;
using Apache.Arrow.Memory;

namespace Tsds.Data.Containers;

/// <summary>
/// Allocates the memory that an Arrow file requests, and throws if the file is too small to contain that much. Sizes in
/// a file cannot be trusted.
/// </summary>
internal sealed class CheckedAllocator : MemoryAllocator
{
    // Text compresses by less than 64 in all but contrived cases, and small buffers may do as they like.
    private const int MaxRatio = 64;
    private const long AlwaysAllowed = 256 << 20;

    private readonly long _fileBytes;

    /// <summary>Initializes a new instance of the <see cref="CheckedAllocator"/> class.</summary>
    /// <param name="fileBytes">The size of the file.</param>
    public CheckedAllocator(long fileBytes)
    {
        _fileBytes = fileBytes;
    }

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if (length > AlwaysAllowed && length / MaxRatio > _fileBytes)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it asks for a buffer of {length} bytes, and has {_fileBytes} itself"
                )
            );
        }

        bytesAllocated = length;
        return Default.Value.Allocate(length);
    }
}
