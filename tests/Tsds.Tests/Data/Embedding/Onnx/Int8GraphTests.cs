using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Onnx;

namespace Tsds.Tests.Data.Embedding.Onnx;

public sealed class Int8GraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryRewrite_Transformer_HoldsNoFloatMatrixOfAProduct()
    {
        ProtoMessage graph = ProtoMessage.Read(
            Assert.Single(ProtoMessage.Read(Int8Graph.TryRewrite(TinyTransformer.Model())!).All(7))
        );
        string[] tensors = [.. graph.All(5).Select(tensor => ProtoMessage.Read(tensor).Texts(8).First())];
        Assert.Contains("query_int8", tensors);
        Assert.DoesNotContain("query", tensors);
        Assert.Contains("tokens", tensors);
        string[] types = [.. graph.All(1).Select(node => ProtoMessage.Read(node).Texts(4).First())];
        Assert.Equal(3, types.Count(type => type == "MatMulIntegerToFloat"));

        // One factor of three products is described once; products of two activations stay.
        Assert.Equal(1, types.Count(type => type == "QuantizeLinear"));
        Assert.Equal(2, types.Count(type => type == "MatMul"));
    }

    [Fact]
    public async Task TryRewrite_Transformer_ComputesNearlyTheSame()
    {
        _folder.Write("model/model.onnx", TinyTransformer.Model());
        _folder.Write("model/vocab.txt", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat"]);
        _folder.Write("model/1_Pooling/config.json", """{"pooling_mode_mean_tokens":true}""");
        using IEmbedder embedder = OnnxEmbedder.Open(_folder["model"], true, new EmbedderOptions(), 1);
        EmbeddingMatrix vectors = await embedder.EmbedAsync(
            ["the cat sat"],
            TextRole.Passage,
            TestContext.Current.CancellationToken
        );
        double[][] tokens = TinyTransformer.Run([2, 5, 6, 7, 3]);
        for (int i = 0; i < TinyTransformer.Width; i++)
        {
            Assert.Equal(tokens.Average(token => token[i]), vectors[0][i], 0.05);
        }
    }

    [Fact]
    public void TryRewrite_NoProductWithWeights_IsNull() =>
        Assert.Null(
            Int8Graph.TryRewrite(new OnnxWriter().Input("x").Output("y", 2).Node("MatMul", "y", ["x", "x"]).ToModel())
        );

    [Fact]
    public void TryRewrite_WeightsThatAreUsedElsewhere_StayAsWell()
    {
        byte[] model = new OnnxWriter()
            .Input("ids")
            .Output("y", 3)
            .Weights("tied", [1, 2, 3, 4], 2, 2)
            .Node("Gather", "x", ["tied", "ids"])
            .Node("MatMul", "y", ["x", "tied"])
            .ToModel();
        ProtoMessage graph = ProtoMessage.Read(ProtoMessage.Read(Int8Graph.TryRewrite(model)!).All(7).Single());
        string[] tensors = [.. graph.All(5).Select(tensor => ProtoMessage.Read(tensor).Texts(8).First())];
        Assert.Contains("tied", tensors);
        Assert.Contains("tied_int8", tensors);
    }

    [Theory]
    [InlineData(new byte[] { 0x3A, 0x05, 0x01 })]
    [InlineData(new byte[] { 0x3B })]
    [InlineData(new byte[] { 0x80 })]
    public void TryRewrite_NotOnnx_IsRefused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => Int8Graph.TryRewrite(bytes));
}
