using System.Buffers.Binary;
using System.Text.Json;

namespace Tsds.Pools;

/// <summary>
/// Reads the header of a .safetensors file: the length of a JSON object, and that object, which contains the offsets of
/// the tensors.
/// </summary>
/// <seealso href="https://huggingface.co/docs/safetensors">The safetensors format</seealso>
internal static class SafetensorsHeader
{
    public const string Extension = ".safetensors";

    private const int MostNamed = 8;

    /// <summary>
    /// The largest length of a header; a longer one belongs to a model with very many tensors, not to embeddings.
    /// </summary>
    private const int MaxHeaderLength = 16 << 20;

    /// <summary>Reads the layout of the tensor that is named, or of the only one.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="file">What is meant.</param>
    /// <exception cref="InvalidDataException">This is not a usable file, or it is not clear which tensor is
    /// meant.</exception>
    public static MatrixLayout Read(Stream stream, VectorFile file)
    {
        byte[] header = ReadHeader(stream, file.Path);
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            JsonProperty[] tensors =
            [
                .. json.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"),
            ];
            JsonProperty tensor = Choose(tensors, file);
            MatrixLayout layout = Parse(tensor, sizeof(long) + header.Length, file);
            long end =
                sizeof(long)
                + header.Length
                + tensors.Max(property => property.Value.GetProperty("data_offsets")[1].GetInt64());
            return stream.Length == end
                ? layout
                : throw new InvalidDataException(
                    $"Expected {end:N0} bytes in {file.Path}, found {stream.Length:N0}; the file is "
                        + $"truncated or damaged, write it again."
                );
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or IndexOutOfRangeException
            )
        {
            throw new InvalidDataException(
                $"Expected a safetensors header of dtype, shape and data_offsets for each tensor in "
                    + $"{file.Path}, found something else; write it with safetensors' save_file."
            );
        }
    }

    private static byte[] ReadHeader(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (read < start.Length || length < 2 || length > (ulong)(stream.Length - start.Length))
        {
            throw new InvalidDataException(
                $"Expected a .safetensors file at {path}, found other content or a part of one; write it "
                    + $"with safetensors' save_file."
            );
        }

        if (length > MaxHeaderLength)
        {
            throw new InvalidDataException(
                $"Expected a safetensors header of at most {MaxHeaderLength:N0} bytes in {path}, found one "
                    + $"of {length:N0}; save the embeddings in a file of their own."
            );
        }

        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static JsonProperty Choose(JsonProperty[] tensors, VectorFile file)
    {
        JsonProperty[] meant = file.Tensor is { } name ? [.. tensors.Where(tensor => tensor.Name == name)] : tensors;
        if (meant.Length == 1)
        {
            return meant[0];
        }

        string names =
            string.Join(", ", tensors.Take(MostNamed).Select(tensor => tensor.Name))
            + (tensors.Length > MostNamed ? ", ..." : "");
        string found = tensors.Length == 0 ? "none" : $"{tensors.Length}: {names}";
        throw new InvalidDataException(
            file.Tensor is null
                ? $"Expected one tensor in {file.Path}, found {found}; name the one that is meant, as in "
                    + $"{file.Path}#name."
                : $"Expected a tensor '{file.Tensor}' in {file.Path}, found {found}."
        );
    }

    private static MatrixLayout Parse(JsonProperty tensor, long dataOffset, VectorFile file)
    {
        string label = $"{file.Path}, tensor {tensor.Name}";
        string type = tensor.Value.GetProperty("dtype").GetString() ?? "null";
        VectorElement element = type switch
        {
            "F16" => VectorElement.Float16,
            "BF16" => VectorElement.BFloat16,
            "F32" => VectorElement.Float32,
            "F64" => VectorElement.Float64,
            _ => throw new InvalidDataException(
                $"Expected F16, BF16, F32 or F64 elements in {label}, found {type}; save the embeddings as float32."
            ),
        };
        long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
        JsonElement offsets = tensor.Value.GetProperty("data_offsets");
        (long begin, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException(
                $"Expected ascending data_offsets in {label}, found [{begin}, {end}]; the file is damaged, "
                    + $"write it again."
            );
        }

        MatrixLayout layout = MatrixLayout.Create(element, shape, dataOffset + begin, label);
        return end - begin == layout.Length
            ? layout
            : throw new InvalidDataException(
                $"Expected {layout.Length:N0} bytes for shape ({layout.Count}, {layout.Dimension}) in "
                    + $"{label}, found {end - begin:N0}; the file is damaged, write it again."
            );
    }
}
