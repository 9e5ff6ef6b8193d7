using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tsds.Pools;

/// <summary>The header of a .npy file: element type, order and shape, and where the elements begin.</summary>
/// <seealso href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The NPY format, versions 1.0 to 3.0</seealso>
internal sealed record NpyHeader(NpyElement Element, long Count, int Dimension, long DataOffset)
{
    /// <summary>The first bytes of every file; the version follows.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>A header longer than this is not one of a 2-D array of numbers.</summary>
    private const int MaxHeaderLength = 1 << 20;

    /// <summary>Gets the bytes of all elements.</summary>
    public long DataLength => checked(Count * Dimension * ElementSize(Element));

    public static int ElementSize(NpyElement element) =>
        element switch { NpyElement.Float16 => 2, NpyElement.Float32 => 4, _ => 8 };

    /// <summary>Reads a header.</summary>
    /// <param name="stream">At the beginning of the file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidDataException">This is not a usable .npy file.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[12];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < 10 || !start.StartsWith(Magic))
        {
            throw new InvalidDataException($"Expected a .npy file at {path}, found other content; write it with numpy.save.");
        }

        int version = start[6];
        if (version is < 1 or > 3 || (version > 1 && read < 12))
        {
            throw new InvalidDataException($"Expected .npy version 1, 2 or 3 in {path}, found {version}.{start[7]}.");
        }

        int prefix = version == 1 ? 10 : 12;
        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MaxHeaderLength)
        {
            throw new InvalidDataException($"Expected a .npy header of at most {MaxHeaderLength} bytes in {path}, found one of {length}.");
        }

        byte[] header = new byte[length];
        stream.Position = prefix;
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new InvalidDataException($"Expected a .npy header of {length} bytes in {path}, found that the file ends before; copy it again.");
        }

        // Version 3 differs from 2 in that it is UTF-8, which matters for names of fields alone.
        return Parse(Encoding.Latin1.GetString(header), prefix + length, path);
    }

    private static NpyHeader Parse(string text, long dataOffset, string path)
    {
        NpyHeaderReader reader = new(text, path);
        reader.Read();
        NpyElement element = ElementOf(reader.Description, path);
        if (reader.IsFortranOrder)
        {
            throw new InvalidDataException(
                $"Expected C order in {path}, found Fortran order; save numpy.ascontiguousarray of the array.");
        }

        if (reader.Shape is not [long count, long dimension])
        {
            throw new InvalidDataException(
                $"Expected a 2-D array of shape (rows, dimension) in {path}, found shape ({string.Join(", ", reader.Shape)}).");
        }

        if (dimension is < 1 or > 1 << 20 || count > long.MaxValue / 16 / dimension)
        {
            throw new InvalidDataException(
                $"Expected a dimension from 1 to {1 << 20} in {path}, found shape ({count}, {dimension}).");
        }

        return new NpyHeader(element, count, (int)dimension, dataOffset);
    }

    private static NpyElement ElementOf(string description, string path)
    {
        bool isLittleEndian = description.StartsWith('<') || (description.StartsWith('=') && BitConverter.IsLittleEndian);
        string type = description.TrimStart('<', '>', '=', '|');
        NpyElement? element = type switch
        {
            "f2" => NpyElement.Float16,
            "f4" => NpyElement.Float32,
            "f8" => NpyElement.Float64,
            _ => null,
        };
        if (element is { } found && isLittleEndian)
        {
            return found;
        }

        string advice = element is not null
            ? "save it in little-endian order"
            : type.StartsWith('i') || type.StartsWith('u')
                ? "integers do not tell how they were quantized; save the embeddings as float32"
                : "save the embeddings as float32";
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"Expected float16, float32 or float64 elements in {path}, found dtype '{description}'; {advice}."));
    }
}
