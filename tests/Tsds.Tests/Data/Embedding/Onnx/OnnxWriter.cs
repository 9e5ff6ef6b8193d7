using System.Runtime.InteropServices;
using System.Text;

namespace Tsds.Tests.Data.Embedding.Onnx;

/// <summary>Writes the few messages of ONNX's protocol buffers that a small graph takes.</summary>
internal sealed class OnnxWriter
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly List<byte> _graph = [];
    private readonly List<byte> _ends = [];

    public OnnxWriter Node(string type, string output, string[] inputs, params (string Name, object Value)[] attributes)
    {
        MemoryStream node = new();
        foreach (string input in inputs)
        {
            Write(node, 1, Encoding.UTF8.GetBytes(input));
        }

        Write(node, 2, Encoding.UTF8.GetBytes(output));
        Write(node, 4, Encoding.UTF8.GetBytes(type));
        foreach ((string name, object value) in attributes)
        {
            Write(node, 5, Attribute(name, value));
        }

        _graph.AddRange(Field(1, node.ToArray()));
        return this;
    }

    public OnnxWriter Weights(string name, float[] values, params long[] shape) =>
        Tensor(name, Float, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), shape);

    public OnnxWriter Integers(string name, params long[] values) =>
        Tensor(name, Int64, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), [values.Length]);

    public OnnxWriter Input(string name) => End(11, name, Int64, 2);

    public OnnxWriter Output(string name, int rank) => End(12, name, Float, rank);

    public byte[] ToModel()
    {
        byte[] graph = [.. _graph, .. Field(2, "tiny"u8.ToArray()), .. _ends];
        MemoryStream opset = new();
        Write(opset, 2, 17);
        MemoryStream model = new();
        Write(model, 1, 8);
        Write(model, 7, graph);
        Write(model, 8, opset.ToArray());
        return model.ToArray();
    }

    private static byte[] Attribute(string name, object value)
    {
        MemoryStream attribute = new();
        Write(attribute, 1, Encoding.UTF8.GetBytes(name));
        switch (value)
        {
            case float number:
                Varint(attribute, (2 << 3) | 5);
                attribute.Write(BitConverter.GetBytes(number));
                Write(attribute, 20, 1);
                break;
            case long[] numbers:
                Array.ForEach(numbers, item => Write(attribute, 8, item));
                Write(attribute, 20, 7);
                break;
            default:
                Write(attribute, 3, (long)value);
                Write(attribute, 20, 2);
                break;
        }

        return attribute.ToArray();
    }

    private OnnxWriter Tensor(string name, int type, byte[] bytes, long[] shape)
    {
        MemoryStream tensor = new();
        Array.ForEach(shape, length => Write(tensor, 1, length));
        Write(tensor, 2, type);
        Write(tensor, 8, Encoding.UTF8.GetBytes(name));
        Write(tensor, 9, bytes);
        _ends.AddRange(Field(5, tensor.ToArray()));
        return this;
    }

    private OnnxWriter End(int field, string name, int type, int rank)
    {
        MemoryStream shape = new();
        for (int i = 0; i < rank; i++)
        {
            MemoryStream dimension = new();
            Write(dimension, 2, Encoding.UTF8.GetBytes($"{name}{i}"));
            Write(shape, 1, dimension.ToArray());
        }

        MemoryStream tensor = new();
        Write(tensor, 1, type);
        Write(tensor, 2, shape.ToArray());
        MemoryStream typeOf = new();
        Write(typeOf, 1, tensor.ToArray());
        MemoryStream end = new();
        Write(end, 1, Encoding.UTF8.GetBytes(name));
        Write(end, 2, typeOf.ToArray());
        _ends.AddRange(Field(field, end.ToArray()));
        return this;
    }

    private static byte[] Field(int field, byte[] bytes)
    {
        MemoryStream stream = new();
        Write(stream, field, bytes);
        return stream.ToArray();
    }

    private static void Write(Stream stream, int field, byte[] bytes)
    {
        Varint(stream, (ulong)((field << 3) | 2));
        Varint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void Write(Stream stream, int field, long value)
    {
        Varint(stream, (ulong)(field << 3));
        Varint(stream, (ulong)value);
    }

    private static void Varint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
