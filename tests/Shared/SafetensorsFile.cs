using System.Runtime.InteropServices;
using System.Text;

namespace Tsds.Tests.Shared;

/// <summary>
/// Writes files in the layout of safetensors: eight bytes of length, a JSON header padded with blanks, the elements.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>Writes a 2-D float32 tensor.</summary>
    public static void Write(string path, int dimension, ReadOnlySpan<float> values, string name = "embeddings")
    {
        string shape = $"[{values.Length / dimension},{dimension}]";
        string header =
            $$$"""{"__metadata__":{"format":"pt"},"{{{name}}}":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,{{{values.Length * sizeof(float)}}}]}}""";
        Write(path, header, MemoryMarshal.AsBytes(values));
    }

    public static void Write(string path, string header, ReadOnlySpan<byte> data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header.PadRight((header.Length + 7) / 8 * 8));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. data]);
    }
}
