using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>
/// Rewrites an ONNX graph so that products with weights are of 8-bit integers: a weight w of column j becomes
/// round(w/s_j) with s_j = max|w|/63, a row x of the other factor is scaled by its own max|x|/127 when it is known, and
/// their product is an exact integer.
/// </summary>
/// <remarks>
/// Scales by row, not by tensor as usual, so that a text's vector does not depend on what stands in its batch; no zero
/// points. Weights have 7 bits, with which pairs of products never overflow the 16 bits that AVX2 adds them in: all
/// processors compute the same. ONNX Runtime for .NET runs such graphs and makes none.
/// </remarks>
/// <seealso href="https://onnx.ai/onnx/repo-docs/IR.html">The messages of ONNX</seealso>
internal static class Int8Graph
{
    private const int LargestWeight = 63;
    private const float LargestInput = 127;

    // The numbers of fields in ONNX's messages.
    private const int ModelGraph = 7;
    private const int ModelOpset = 8;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeInput = 1;
    private const int NodeOutput = 2;
    private const int NodeType = 4;
    private const int NodeAttribute = 5;
    private const int NodeDomain = 7;
    private const int TensorShape = 1;
    private const int TensorType = 2;
    private const int TensorFloats = 4;
    private const int TensorName = 8;
    private const int TensorBytes = 9;
    private const int TensorExternal = 13;

    private const int FloatType = 1;
    private const int UInt8Type = 2;
    private const int Int8Type = 3;
    private const int Int64Type = 7;

    private const string RuntimeDomain = "com.microsoft";

    // Values that all rewritten nodes share.
    private const string Smallest = "tsds_smallest";
    private const string ByLargest = "tsds_by_largest";
    private const string One = "tsds_one";
    private const string Middle = "tsds_middle";
    private const string Zero = "tsds_zero";
    private const string Flat = "tsds_flat";
    private const string Column = "tsds_column";
    private const string Rows = "tsds_rows";
    private const string First = "tsds_first";
    private const string Last = "tsds_last";
    private const string Axis = "tsds_axis";

    /// <summary>Rewrites a model.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <returns>The new file, or null if no product in the graph is with a float32 matrix of weights that the file
    /// holds.</returns>
    /// <exception cref="InvalidDataException">The file is not ONNX.</exception>
    public static byte[]? TryRewrite(ReadOnlyMemory<byte> model)
    {
        ProtoMessage root = ProtoMessage.Read(model);
        if (root.All(ModelGraph).ToArray() is not [{ } bytes])
        {
            throw new InvalidDataException("Expected an ONNX model with a graph, found none.");
        }

        ProtoMessage graph = ProtoMessage.Read(bytes);
        Dictionary<string, ProtoMessage> weights = [];
        foreach (ProtoMessage tensor in graph.All(GraphInitializer).Select(ProtoMessage.Read))
        {
            if (IsMatrix(tensor))
            {
                weights[tensor.Texts(TensorName).First()] = tensor;
            }
        }

        List<ReadOnlyMemory<byte>> nodes = [];
        HashSet<string> inputs = [];
        HashSet<string> matrices = [];
        HashSet<string> used = [];
        foreach (ReadOnlyMemory<byte> written in graph.All(GraphNode))
        {
            ProtoMessage node = ProtoMessage.Read(written);
            string[] from = [.. node.Texts(NodeInput)];
            if (
                node.Texts(NodeType).FirstOrDefault() == "MatMul"
                && string.IsNullOrEmpty(node.Texts(NodeDomain).FirstOrDefault())
                && from is [{ } input, { } matrix]
                && weights.TryGetValue(matrix, out ProtoMessage? weight)
            )
            {
                if (inputs.Add(input))
                {
                    nodes.AddRange(NodesOfInput(input));
                }

                nodes.AddRange(NodesOfProduct(input, matrix, node.Texts(NodeOutput).First()));
                matrices.Add(matrix);
                continue;
            }

            nodes.Add(written);
            used.UnionWith(from);
        }

        if (matrices.Count == 0)
        {
            return null;
        }

        graph.Remove(GraphNode, _ => true);
        graph.Remove(
            GraphInitializer,
            tensor =>
            {
                string name = ProtoMessage.Read(tensor).Texts(TensorName).FirstOrDefault() ?? "";
                return matrices.Contains(name) && !used.Contains(name);
            }
        );
        nodes.ForEach(node => graph.Add(GraphNode, node));
        foreach (
            ProtoMessage tensor in SharedTensors().Concat(matrices.SelectMany(name => Quantize(name, weights[name])))
        )
        {
            graph.Add(GraphInitializer, tensor);
        }

        root.Remove(ModelGraph, _ => true);
        root.Add(ModelGraph, graph);
        if (!root.All(ModelOpset).Any(opset => ProtoMessage.Read(opset).Texts(1).FirstOrDefault() == RuntimeDomain))
        {
            root.Add(ModelOpset, new ProtoMessage().Add(1, RuntimeDomain).Add(2, 1));
        }

        return root.ToArray();
    }

    private static bool IsMatrix(ProtoMessage tensor) =>
        tensor.Numbers(TensorType).FirstOrDefault() == FloatType
        && tensor.Numbers(TensorShape).Count() == 2
        && tensor.Numbers(TensorShape).All(length => length > 0)
        && !tensor.Has(TensorExternal);

    /// <summary>Returns what turns a factor into rows of integers, one scale a row.</summary>
    private static IEnumerable<ProtoMessage> Describe(string input)
    {
        yield return Node("Abs", [input], $"{input}_abs");
        yield return Node("ReduceMax", [$"{input}_abs"], $"{input}_max", ("axes", [-1]));
        yield return Node("Max", [$"{input}_max", Smallest], $"{input}_least");
        yield return Node("Mul", [$"{input}_least", ByLargest], $"{input}_scales");
        yield return Node("Reshape", [$"{input}_scales", Flat], $"{input}_scale");
        yield return Node("Sub", [$"{input}_scale", $"{input}_scale"], $"{input}_nothing");
        yield return Node("Add", [$"{input}_nothing", Middle], $"{input}_middle");
        yield return Node("Cast", [$"{input}_middle"], $"{input}_zero", ("to", [UInt8Type]));
        yield return Node("Reshape", [$"{input}_scale", Column], $"{input}_column");
        yield return Node("Shape", [input], $"{input}_shape");
        yield return Node("Slice", [$"{input}_shape", First, Last, Axis], $"{input}_outer");
        yield return Node("Slice", [$"{input}_shape", Last, Rows, Axis], $"{input}_width");
        yield return Node("Concat", [Flat, $"{input}_width"], $"{input}_flat", ("axis", [0]));
        yield return Node("Reshape", [input, $"{input}_flat"], $"{input}_rows");
        yield return Node(
            "QuantizeLinear",
            [$"{input}_rows", $"{input}_scale", $"{input}_zero"],
            $"{input}_int8",
            ("axis", [0])
        );
    }

    private static IEnumerable<ReadOnlyMemory<byte>> NodesOfInput(string input) =>
        Describe(input).Select(node => (ReadOnlyMemory<byte>)node.ToArray());

    private static IEnumerable<ReadOnlyMemory<byte>> NodesOfProduct(string input, string matrix, string output)
    {
        yield return Node(
                "MatMulIntegerToFloat",
                [$"{input}_int8", $"{matrix}_int8", One, $"{matrix}_scale", Zero],
                $"{output}_product"
            )
            .ToArray();
        yield return Node("Mul", [$"{output}_product", $"{input}_column"], $"{output}_rows").ToArray();
        yield return Node("Concat", [$"{input}_outer", $"{matrix}_width"], $"{output}_shape", ("axis", [0])).ToArray();
        yield return Node("Reshape", [$"{output}_rows", $"{output}_shape"], output).ToArray();
    }

    private static ProtoMessage Node(
        string type,
        string[] inputs,
        string output,
        params ReadOnlySpan<(string Name, long[] Values)> attributes
    )
    {
        ProtoMessage node = new();
        Array.ForEach(inputs, input => node.Add(NodeInput, input));
        node.Add(NodeOutput, output).Add(NodeType, type);
        foreach ((string name, long[] values) in attributes)
        {
            // Attributes: name 1, one integer 3, several 8, kind 20 with INT = 2 and INTS = 7.
            ProtoMessage attribute = new ProtoMessage().Add(1, name);
            if (name == "axes")
            {
                Array.ForEach(values, value => attribute.Add(8, value));
                attribute.Add(20, 7);
            }
            else
            {
                attribute.Add(3, values[0]).Add(20, 2);
            }

            node.Add(NodeAttribute, attribute);
        }

        return type is "QuantizeLinear" or "MatMulIntegerToFloat" ? node.Add(NodeDomain, RuntimeDomain) : node;
    }

    private static IEnumerable<ProtoMessage> SharedTensors() =>
        [
            Tensor(Smallest, FloatType, FloatBytes([1e-30f]), []),
            Tensor(ByLargest, FloatType, FloatBytes([1 / LargestInput]), []),
            Tensor(One, FloatType, FloatBytes([1]), []),
            Tensor(Middle, FloatType, FloatBytes([128]), []),
            Tensor(Zero, UInt8Type, [128], []),
            Integers(Flat, -1),
            Integers(Column, -1, 1),
            Integers(Rows, int.MaxValue),
            Integers(First, 0),
            Integers(Last, -1),
            Integers(Axis, 0),
        ];

    private static IEnumerable<ProtoMessage> Quantize(string name, ProtoMessage tensor)
    {
        long[] shape = [.. tensor.Numbers(TensorShape)];
        int rows = checked((int)shape[0]);
        int columns = checked((int)shape[1]);
        float[] values = Floats(tensor);
        if (values.Length != (long)rows * columns)
        {
            throw new InvalidDataException(
                $"Expected {(long)rows * columns} weights in the tensor {name}, found {values.Length}."
            );
        }

        float[] scales = new float[columns];
        for (int i = 0; i < values.Length; i++)
        {
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]));
        }

        for (int column = 0; column < columns; column++)
        {
            scales[column] = scales[column] > 0 ? scales[column] / LargestWeight : 1;
        }

        byte[] quantized = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            quantized[i] = (byte)
                (sbyte)Math.Clamp(MathF.Round(values[i] / scales[i % columns]), -LargestWeight, LargestWeight);
        }

        yield return Tensor($"{name}_int8", Int8Type, quantized, [rows, columns]);
        yield return Tensor($"{name}_scale", FloatType, FloatBytes(scales), [columns]);
        yield return Integers($"{name}_width", columns);
    }

    private static float[] Floats(ProtoMessage tensor)
    {
        ReadOnlyMemory<byte> bytes = tensor.All(TensorBytes).Concat(tensor.All(TensorFloats)).FirstOrDefault();
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(i * sizeof(float))..]);
        }

        return values;
    }

    private static byte[] FloatBytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static ProtoMessage Integers(string name, params long[] values) =>
        Tensor(name, Int64Type, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), [values.Length]);

    private static ProtoMessage Tensor(string name, int type, byte[] bytes, long[] shape)
    {
        ProtoMessage tensor = new();
        Array.ForEach(shape, length => tensor.Add(TensorShape, length));
        return tensor.Add(TensorType, type).Add(TensorName, name).Add(TensorBytes, bytes);
    }
}
