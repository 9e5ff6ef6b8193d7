using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tsds.Pools;

/// <summary>Reads the header of a .npy file: element type, order and shape.</summary>
/// <seealso href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The NPY format, versions 1.0
/// to 3.0</seealso>
internal static class NpyHeader
{
    /// <summary>Gets the first bytes of every file; the version follows.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The largest length of a header; a longer one does not belong to a 2-D array of numbers.</summary>
    private const int MaxHeaderLength = 1 << 20;

    /// <summary>Reads a header, and checks that the elements fill the rest of the file.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidDataException">This is not a usable .npy file.</exception>
    public static MatrixLayout Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[12];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < 10 || !start.StartsWith(Magic))
        {
            throw new InvalidDataException(
                $"Expected a .npy file at {path}, found other content; write it with numpy.save."
            );
        }

        int version = start[6];
        if (version is < 1 or > 3 || (version > 1 && read < 12))
        {
            throw new InvalidDataException($"Expected .npy version 1, 2 or 3 in {path}, found {version}.{start[7]}.");
        }

        int prefix = version == 1 ? 10 : 12;
        uint length =
            version == 1
                ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
                : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MaxHeaderLength)
        {
            throw new InvalidDataException(
                $"Expected a .npy header of at most {MaxHeaderLength} bytes in {path}, found one of {length}."
            );
        }

        byte[] header = new byte[length];
        stream.Position = prefix;
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new InvalidDataException(
                $"Expected a .npy header of {length} bytes in {path}, found that the file ends before; copy it again."
            );
        }

        // Version 3 differs from 2 in that it is UTF-8, which matters for names of fields alone.
        MatrixLayout layout = Parse(Encoding.Latin1.GetString(header), prefix + length, path);
        return stream.Length == layout.Offset + layout.Length
            ? layout
            : throw new InvalidDataException(
                $"Expected {layout.Offset + layout.Length:N0} bytes for shape ({layout.Count}, "
                    + $"{layout.Dimension}) in {path}, found {stream.Length:N0}; the file is truncated or damaged, "
                    + $"write it again."
            );
    }

    private static MatrixLayout Parse(string text, long dataOffset, string path)
    {
        NpyHeaderReader reader = new(text, path);
        reader.Read();
        VectorElement element = ElementOf(reader.Description, path);
        if (reader.IsFortranOrder)
        {
            throw new InvalidDataException(
                $"Expected C order in {path}, found Fortran order; save numpy.ascontiguousarray of the array."
            );
        }

        return MatrixLayout.Create(element, reader.Shape, dataOffset, path);
    }

    private static VectorElement ElementOf(string description, string path)
    {
        bool isLittleEndian =
            description.StartsWith('<') || (description.StartsWith('=') && BitConverter.IsLittleEndian);
        string type = description.TrimStart('<', '>', '=', '|');
        VectorElement? element = type switch
        {
            "f2" => VectorElement.Float16,
            "f4" => VectorElement.Float32,
            "f8" => VectorElement.Float64,
            _ => null,
        };
        if (element is { } found && isLittleEndian)
        {
            return found;
        }

        string advice =
            element is not null ? "save it in little-endian order"
            : type.StartsWith('i') || type.StartsWith('u')
                ? "integers do not contain the rule by which they were quantized; save the embeddings as float32"
            : "save the embeddings as float32";
        throw new InvalidDataException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Expected float16, float32 or float64 elements in {path}, found dtype '{description}'; {advice}."
            )
        );
    }
}
