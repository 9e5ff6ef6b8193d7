using System.IO.Compression;

namespace Tsds.Pools;

/// <summary>
/// Reads the layout of one tensor in a file of torch.save: a zip archive with stored entries in one folder, of which
/// <c>data.pkl</c> describes the tensor and <c>data/KEY</c> is its storage.
/// </summary>
/// <seealso href="https://pytorch.org/docs/stable/notes/serialization.html">Serialization semantics: the file format of
/// torch.save since version 1.6</seealso>
internal static class TorchArchive
{
    public const string Extension = ".pt";

    private const string PickleName = "data.pkl";
    private const string Advice = "load it with torch.load and save the tensor alone, with torch.save(tensor, path)";

    /// <summary>The largest length of the zip directory in bytes; that of one tensor has some hundred.</summary>
    private const int MaxDirectoryLength = 16 << 20;
    private const int MaxPickleLength = 1 << 20;

    /// <summary>Reads the layout of the tensor.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidDataException">This is not a file of one usable tensor.</exception>
    public static MatrixLayout Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < start.Length || !start.SequenceEqual("PK\u0003\u0004"u8))
        {
            bool isPickle = read > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5;
            throw new InvalidDataException(
                isPickle
                    ? $"Expected the zip format of torch.save in {path}, found the one from before torch 1.6; {Advice}."
                    : $"Expected a file of torch.save at {path}, found other content; {Advice}."
            );
        }

        using MeteredStream metered = new(stream, MaxDirectoryLength, path);
        try
        {
            using ZipArchive archive = new(metered, ZipArchiveMode.Read, leaveOpen: true);
            return Read(archive, metered, path);
        }
        catch (Exception exception)
            when (exception is ArgumentException or NotSupportedException or OverflowException or IOException
                || (
                    exception is InvalidDataException
                    && !exception.Message.StartsWith("Expected ", StringComparison.Ordinal)
                )
            )
        {
            // What the framework's reader makes of a damaged directory; our own sentences begin with what was expected.
            throw new InvalidDataException(
                $"Expected the zip archive of torch.save at {path}, found a damaged one; save it again, or "
                    + $"copy it again."
            );
        }
    }

    private static MatrixLayout Read(ZipArchive archive, MeteredStream metered, string path)
    {
        ZipArchiveEntry[] pickles = [.. archive.Entries.Where(entry => entry.Name == PickleName)];
        if (pickles.Length != 1)
        {
            throw new InvalidDataException(
                $"Expected one {PickleName} in the archive {path}, found {pickles.Length}; {Advice}."
            );
        }

        string folder = pickles[0].FullName[..^PickleName.Length];
        CheckByteOrder(archive.GetEntry(folder + "byteorder"), path);
        TorchTensor tensor = new TorchPickleReader(ReadAll(pickles[0], path), path).Read();
        TorchStorage storage = tensor.Storage;
        ZipArchiveEntry data =
            archive.GetEntry($"{folder}data/{storage.Key}")
            ?? throw new InvalidDataException(
                $"Expected the storage data/{storage.Key} in the archive {path}, found none; the file is "
                    + $"damaged, save it again."
            );
        MatrixLayout layout = MatrixLayout.Create(storage.Element, tensor.Shape, 0, path);
        CheckExtent(tensor, layout, data.Length, path);
        long offset = layout.Length == 0 ? 0 : OffsetOf(data, metered, path);
        return layout with { Offset = offset + (tensor.Offset * MatrixLayout.SizeOf(storage.Element)) };
    }

    private static void CheckByteOrder(ZipArchiveEntry? entry, string path)
    {
        if (entry is not null && !ReadAll(entry, path).AsSpan().SequenceEqual("little"u8))
        {
            throw new InvalidDataException(
                $"Expected little-endian elements in {path}, found another byte order; save it on a "
                    + $"little-endian machine."
            );
        }
    }

    private static void CheckExtent(TorchTensor tensor, MatrixLayout layout, long storedBytes, string path)
    {
        long elementSize = MatrixLayout.SizeOf(layout.Element);
        (long rowStride, long columnStride) = (tensor.Strides[0], tensor.Strides[1]);
        bool isContiguous =
            (layout.Count <= 1 || rowStride == layout.Dimension) && (layout.Dimension == 1 || columnStride == 1);
        if (layout.Count > 0 && !isContiguous)
        {
            throw new InvalidDataException(
                $"Expected a contiguous tensor in {path}, found strides ({rowStride}, {columnStride}) for "
                    + $"shape ({layout.Count}, {layout.Dimension}); save tensor.contiguous()."
            );
        }

        long elements = layout.Count * layout.Dimension;
        bool isInside =
            tensor.Offset >= 0 && elements <= tensor.Storage.Count && tensor.Offset <= tensor.Storage.Count - elements;
        if (
            !isInside
            || tensor.Storage.Count > storedBytes / elementSize
            || tensor.Storage.Count * elementSize != storedBytes
        )
        {
            throw new InvalidDataException(
                $"Expected {elements:N0} elements at {tensor.Offset:N0} of a storage of "
                    + $"{tensor.Storage.Count:N0} in {path}, found a storage of {storedBytes:N0} bytes; the file "
                    + $"is damaged, save it again."
            );
        }
    }

    /// <summary>
    /// Returns the offset of an entry in the file. The framework does not expose it, but the file is positioned just
    /// behind the first byte that was read of a stored entry.
    /// </summary>
    private static long OffsetOf(ZipArchiveEntry entry, MeteredStream metered, string path)
    {
        if (entry.CompressedLength == entry.Length)
        {
            using Stream data = entry.Open();
            long before = metered.BytesRead;
            bool isStored = data.ReadByte() >= 0 && metered.BytesRead == before + 1;
            if (isStored && metered.Position - 1 + entry.Length <= metered.Length)
            {
                return metered.Position - 1;
            }
        }

        throw new InvalidDataException(
            $"Expected stored elements in {path}, found them compressed or cut short; {Advice}."
        );
    }

    private static byte[] ReadAll(ZipArchiveEntry entry, string path)
    {
        using Stream stream = entry.Open();
        using MeteredStream metered = new(stream, MaxPickleLength, path);
        using MemoryStream bytes = new();
        metered.CopyTo(bytes);
        return bytes.ToArray();
    }
}
