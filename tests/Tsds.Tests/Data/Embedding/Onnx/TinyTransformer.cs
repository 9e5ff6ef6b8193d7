namespace Tsds.Tests.Data.Embedding.Onnx;

/// <summary>
/// One layer of a transformer with weights by formula: embeddings, attention, layer normalization. Written as ONNX, and
/// computed here in double from its definition.
/// </summary>
internal static class TinyTransformer
{
    public const int Width = 6;
    public const int VocabularySize = 64;

    private static readonly float[] Tokens = Weights(VocabularySize, 1);
    private static readonly float[] Types = Weights(2, 2);
    private static readonly float[] Query = Weights(Width, 3);
    private static readonly float[] Key = Weights(Width, 4);
    private static readonly float[] Value = Weights(Width, 5);
    private static readonly float[] Gain = [.. Enumerable.Range(0, Width).Select(i => 1 + (0.1f * i))];
    private static readonly float[] Bias = [.. Enumerable.Range(0, Width).Select(i => 0.05f * i)];

    public static byte[] Model(string output = "last_hidden_state") =>
        new OnnxWriter()
            .Input("input_ids")
            .Input("attention_mask")
            .Input("token_type_ids")
            .Output(output, 3)
            .Weights("tokens", Tokens, VocabularySize, Width)
            .Weights("types", Types, 2, Width)
            .Weights("query", Query, Width, Width)
            .Weights("key", Key, Width, Width)
            .Weights("value", Value, Width, Width)
            .Weights("gain", Gain, Width)
            .Weights("bias", Bias, Width)
            .Weights("root", [(float)(1 / Math.Sqrt(Width))], 1)
            .Weights("one", [1], 1)
            .Weights("far", [10_000], 1)
            .Integers("axis", 1)
            .Node("Gather", "t", ["tokens", "input_ids"])
            .Node("Gather", "s", ["types", "token_type_ids"])
            .Node("Add", "x", ["t", "s"])
            .Node("MatMul", "q", ["x", "query"])
            .Node("MatMul", "k", ["x", "key"])
            .Node("MatMul", "v", ["x", "value"])
            .Node("Transpose", "kt", ["k"], ("perm", new long[] { 0, 2, 1 }))
            .Node("MatMul", "qk", ["q", "kt"])
            .Node("Mul", "scaled", ["qk", "root"])
            .Node("Cast", "mask", ["attention_mask"], ("to", 1L))
            .Node("Unsqueeze", "mask3", ["mask", "axis"])
            .Node("Sub", "off", ["mask3", "one"])
            .Node("Mul", "penalty", ["off", "far"])
            .Node("Add", "scores", ["scaled", "penalty"])
            .Node("Softmax", "attention", ["scores"], ("axis", -1L))
            .Node("MatMul", "mixed", ["attention", "v"])
            .Node("Add", "r", ["x", "mixed"])
            .Node("LayerNormalization", output, ["r", "gain", "bias"], ("axis", -1L), ("epsilon", 1e-5f))
            .ToModel();

    /// <summary>The vector of each token.</summary>
    public static double[][] Run(IReadOnlyList<int> ids)
    {
        double[][] x =
        [
            .. ids.Select(id =>
                Enumerable.Range(0, Width).Select(i => (double)Tokens[(id * Width) + i] + Types[i]).ToArray()
            ),
        ];
        double[][] q = [.. x.Select(row => Times(row, Query))];
        double[][] k = [.. x.Select(row => Times(row, Key))];
        double[][] v = [.. x.Select(row => Times(row, Value))];
        return
        [
            .. Enumerable
                .Range(0, x.Length)
                .Select(token =>
                {
                    double[] weights =
                    [
                        .. k.Select(key => Math.Exp(key.Zip(q[token], (a, b) => a * b).Sum() / Math.Sqrt(Width))),
                    ];
                    double total = weights.Sum();
                    double[] row =
                    [
                        .. Enumerable
                            .Range(0, Width)
                            .Select(i =>
                                x[token][i] + v.Select((value, other) => value[i] * weights[other] / total).Sum()
                            ),
                    ];
                    double mean = row.Average();
                    double deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-5);
                    return row.Select((value, i) => ((value - mean) / deviation * Gain[i]) + Bias[i]).ToArray();
                }),
        ];
    }

    private static double[] Times(double[] row, float[] matrix) =>
        [
            .. Enumerable
                .Range(0, Width)
                .Select(column => Enumerable.Range(0, Width).Sum(i => row[i] * matrix[(i * Width) + column])),
        ];

    private static float[] Weights(int rows, int seed) =>
        [.. Enumerable.Range(0, rows * Width).Select(i => (float)Math.Sin((i * 1.7) + (seed * 0.9) + (i * i * 0.013)))];
}
