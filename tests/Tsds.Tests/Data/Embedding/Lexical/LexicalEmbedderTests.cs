using System.Text;
using CsCheck;
using Tsds.Data.Embedding.Lexical;

namespace Tsds.Tests.Data.Embedding.Lexical;

public sealed class LexicalEmbedderTests
{
    private static readonly string[] Topics =
    [
        "simmer the onion in butter until soft then add stock and salt",
        "select the rows of the table where the index is null and join",
        "the telescope saw a faint galaxy near the bright star cluster",
        "the patient has a fever and a cough and takes an antibiotic",
    ];

    /// <summary>Fitted once: fitting is what takes time.</summary>
    private static readonly LexicalEmbedder OfManyTexts = Fit([
        .. Texts(300),
        "的",
        "これはテストです",
        "x = foo_bar(1, [2])",
    ]);

    public static TheoryData<string> OddTexts =>
        [
            "",
            " ",
            "\n\t",
            "\0",
            "a",
            "🙂",
            "🙂🙂 👩‍👩‍👧",
            "\uD800",
            "\uDC00x",
            "的",
            "机器学习模型需要数据",
            "これはテストです",
            "ภาษาไทยไม่มีช่องว่าง",
            "שלום עולם",
            "مرحبا بالعالم",
            "e\u0301\u0301\u0301",
            "x = foo_bar(1, [2]) /* c */",
            new string('a', 100_000),
            "\u200B\u200D\uFEFF",
        ];

    [Theory]
    [MemberData(nameof(OddTexts))]
    public void Embed_OddText_IsAUnitVector(string text)
    {
        AssertUnit(Embed(OfManyTexts, text));
        AssertUnit(Embed(Fit([text]), text));
    }

    [Fact]
    public void Embed_AnyText_IsAUnitVector()
    {
        Gen.String.Sample(text => AssertUnit(Embed(OfManyTexts, text)), iter: 500, threads: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Fit_TinyPool_KeepsDistinctTextsApart(int count)
    {
        string[] texts =
        [
            .. Enumerable.Range(0, count).Select(i => $"{Topics[i % 4]} number {i} {(char)('a' + i)}word"),
        ];
        LexicalEmbedder embedder = Fit(texts);
        float[][] embeddings = [.. texts.Select(text => Embed(embedder, text))];
        for (int i = 0; i < count; i++)
        {
            AssertUnit(embeddings[i]);
            for (int j = 0; j < i; j++)
            {
                Assert.True(Cosine(embeddings[i], embeddings[j]) < 0.9999, $"{texts[i]} | {texts[j]}");
            }
        }
    }

    [Fact]
    public void Fit_ThreadsAndRepeats_GiveTheSameBytes()
    {
        string[] texts = Texts(300);
        float[] expected = Embed(Fit(texts, threads: 1), Topics[1]);
        foreach (int threads in new[] { 1, 2, 3 })
        {
            Assert.Equal(expected, Embed(Fit(texts, threads), Topics[1]));
        }
    }

    [Fact]
    public void Embed_NearCopy_IsCloserThanAnotherText()
    {
        float[] original = Embed(OfManyTexts, Topics[0]);
        Assert.True(Cosine(original, Embed(OfManyTexts, Topics[0].ToUpperInvariant() + ".")) > 0.95);
        Assert.True(Cosine(original, Embed(OfManyTexts, Topics[2])) < 0.5);
    }

    /// <summary>
    /// The purpose of latent semantic analysis: words that occur together are near without sharing a letter.
    /// </summary>
    [Fact]
    public void Embed_WordsOfTheSameCompany_AreCloserThanUnderRandomProjection()
    {
        List<string> texts = [];
        for (int i = 0; i < 300; i++)
        {
            texts.Add($"engine wheel brake {(i % 2 == 0 ? "sedan" : "lorry")} road n{i % 7}");
            texts.Add($"violin chord tempo {(i % 2 == 0 ? "sonata" : "fugue")} score n{i % 7}");
        }

        // Two latent directions for two companies of words.
        FeatureWeights weights = FeatureWeights.Fit(texts, 1000, 1000);
        TextFeatures features = new();
        List<(int, float)[]> rows = [];
        foreach (string text in texts)
        {
            features.Read(text);
            rows.Add(weights.Weigh(features));
        }

        TruncatedSvd svd = TruncatedSvd.Compute(
            SparseMatrix.FromRows(
                [.. rows.Select(row => row.Length)],
                weights.Count,
                (i, row) => rows[i].CopyTo(row),
                new ParallelOptions()
            ),
            2,
            new ParallelOptions(),
            null
        );
        float[] Latent(string text)
        {
            float[] latent = new float[2];
            features.Read(text);
            foreach ((int column, float value) in weights.Weigh(features))
            {
                ReadOnlySpan<float> row = svd.RowOf(column);
                for (int i = 0; i < latent.Length; i++)
                {
                    latent[i] += row[i] * value;
                }
            }

            return latent;
        }

        HashedProjection projection = HashedProjection.Fit(texts, LexicalEmbedderOptions.Default);
        double related = Cosine(Latent("sedan"), Latent("lorry"));
        double unrelated = Cosine(Latent("sedan"), Latent("fugue"));
        double projected = Cosine(Project(projection, "sedan"), Project(projection, "lorry"));
        Assert.True(related > unrelated + 0.1, $"{related} and {unrelated}");
        Assert.True(related > projected + 0.1, $"{related} and {projected}");
    }

    [Fact]
    public void TextSample_AnyStream_IsBoundedAndDependsOnRowNumbersAlone()
    {
        LexicalEmbedderOptions options = new() { SampleRows = 50, TextLength = 10 };
        TextSample forward = new(options);
        TextSample backward = new(options);
        for (int row = 0; row < 1000; row++)
        {
            forward.Add(row, $"text of row {row}");
            backward.Add(999 - row, $"text of row {999 - row}");
        }

        Assert.Equal(50, forward.Texts.Count);
        Assert.Equal(forward.Texts, backward.Texts);
        Assert.All(forward.Texts, text => Assert.Equal(10, text.Length));
    }

    private static LexicalEmbedder Fit(string[] texts, int threads = 2) =>
        LexicalEmbedder.Fit(texts, new LexicalEmbedderOptions { ThreadCount = threads });

    /// <summary>Texts that mix words of four topics, reproducibly.</summary>
    private static string[] Texts(int count)
    {
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            string[] words = Topics[i % 4].Split(' ');
            StringBuilder text = new();
            for (int w = 0; w < 9; w++)
            {
                text.Append(words[((i * 31) + (w * w * 17) + (i / 4)) % words.Length]).Append(' ');
            }

            texts[i] = text.Append(i % 13).ToString();
        }

        return texts;
    }

    private static float[] Embed(LexicalEmbedder embedder, string text)
    {
        float[] embedding = new float[embedder.Dimension];
        embedder.Embed(text, embedding);
        return embedding;
    }

    private static float[] Project(HashedProjection projection, string text)
    {
        float[] embedding = new float[LexicalEmbedderOptions.Default.Dimension];
        projection.Embed(text, embedding);
        return embedding;
    }

    private static double Cosine(float[] x, float[] y)
    {
        double product = 0;
        double normX = 0;
        double normY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            product += (double)x[i] * y[i];
            normX += (double)x[i] * x[i];
            normY += (double)y[i] * y[i];
        }

        return product / Math.Sqrt(normX * normY);
    }

    private static void AssertUnit(float[] embedding)
    {
        Assert.All(embedding, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(1, embedding.Sum(value => (double)value * value), 1e-5);
    }
}
