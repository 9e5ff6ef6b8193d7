using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Embedding.Static;
using Tsds.Data.Tokens;

namespace Tsds.Tests.Data.Embedding.Static;

public sealed class StaticEmbedderTests : IDisposable
{
    private static readonly string[] Sample =
    [
        .. Enumerable.Range(0, 40).Select(i => $"the {i} rows of a sample have {i % 3} kinds and the {i % 5} words"),
    ];

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Embed_OtherWordsOfTheSameThing_AreNearerThanSameWordsOfAnother()
    {
        StaticEmbedder embedder = Fit(Sample);
        float[] asked = Embed(embedder, "Which dinner could I cook from leeks and cream?");
        Assert.True(
            Dot(asked, Embed(embedder, "A recipe for a soup of onions and milk."))
                > Dot(asked, Embed(embedder, "Which database could I query from two tables?"))
        );
    }

    [Fact]
    public void Embed_Text_IsTheWeightedMeanOfItsPieces()
    {
        StaticTable table = new(
            [.. Special, "a", "b", "##b"],
            [0, 0, 0, 0, 0, 1, 0.5f, 2],
            [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 3, 4, 6, -8, 1, 0]
        );
        StaticFit fit = new(StaticEmbedder.VersionOf(table) + "/x", 1, [1, 1, 1, 1, 1, 0.5f, 1, 0.25f]);
        StaticEmbedder embedder = new(table, fit, LexicalEmbedderOptions.Default);

        // a + ab + b = 1.5, 2 + (1.5, 2 + 0.5, 0) + 3, -4 = 6.5, 0.
        Assert.Equal([1, 0], Embed(embedder, "A  ab\tb"));
        Assert.Equal([0.6f, 0.8f], Embed(embedder, "a"));
        Assert.Equal([0, 0], Embed(embedder, " \n"));
        Assert.Equal([0, 0], Embed(embedder, "c"));
    }

    [Fact]
    public void Fit_Pieces_CountLessTheMoreFrequentTheyAre()
    {
        StaticTable table = new([.. Special, "a", "b", "c"], new float[8], new sbyte[8]);
        StaticEmbedder embedder = StaticEmbedder.Fit(
            ["a a a", "b"],
            table,
            LexicalEmbedderOptions.Default,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([(float)(0.001 / 0.751), (float)(0.001 / 0.251), 1], embedder.Fitted.Weights[5..]);
    }

    [Fact]
    public void Read_Written_EmbedsToTheSameBits()
    {
        StaticEmbedder fitted = Fit(Sample);
        string path = _folder[StaticFit.FileName];
        fitted.Fitted.Write(path);
        StaticFit read = StaticFit.Read(path, StaticTable.BuiltIn)!;

        Assert.Equal(
            StaticEmbedder.IdentityOf(Sample, StaticTable.BuiltIn, LexicalEmbedderOptions.Default),
            read.Identity
        );
        Assert.Equal(Sample.Length, read.SampleRows);
        StaticEmbedder again = new(StaticTable.BuiltIn, read, LexicalEmbedderOptions.Default);
        Assert.All((string[])[.. Sample, "else"], text => Assert.Equal(Embed(fitted, text), Embed(again, text)));
    }

    [Fact]
    public void Read_DamagedOrOfAnotherTable_IsRefused()
    {
        string path = _folder[StaticFit.FileName];
        Assert.Null(StaticFit.Read(path, StaticTable.BuiltIn));
        Fit(Sample).Fitted.Write(path);
        byte[] file = File.ReadAllBytes(path);
        file[200] ^= 1;
        File.WriteAllBytes(path, file);
        Assert.Throws<InvalidDataException>(() => StaticFit.Read(path, StaticTable.BuiltIn));
        File.WriteAllBytes(path, file[..100]);
        Assert.Throws<InvalidDataException>(() => StaticFit.Read(path, StaticTable.BuiltIn));

        StaticTable table = new(
            [.. Enumerable.Repeat("a", StaticTable.BuiltIn.Count)],
            new float[30_522],
            new sbyte[30_522]
        );
        new StaticFit(StaticEmbedder.VersionOf(table) + "/x", 1, new float[table.Count]).Write(path);
        Assert.Throws<InvalidDataException>(() => StaticFit.Read(path, StaticTable.BuiltIn));
    }

    [Fact]
    public async Task EmbedAsync_AnyThreads_GivesTheSameBits()
    {
        string[] texts =
        [
            .. Enumerable.Range(0, 200).Select(i => $"text {i} about {i * i} things, Größe naïve 東京 {i}"),
        ];
        float[]? first = null;
        foreach (int threads in new[] { 1, 3 })
        {
            IEmbedder embedder = StaticEmbedder.Fit(
                Sample,
                StaticTable.BuiltIn,
                new LexicalEmbedderOptions { ThreadCount = threads },
                TestContext.Current.CancellationToken
            );
            float[] values =
            [
                .. (await embedder.EmbedAsync(texts, TextRole.Passage, TestContext.Current.CancellationToken))
                    .Values
                    .Span,
            ];
            Assert.Equal(first ??= values, values);
        }
    }

    [Fact]
    public void Read_AnyText_GivesThePiecesOfTheWholeText()
    {
        TextTokenizer tokenizer = StaticTable.BuiltIn.OpenTokenizer();
        PieceReader reader = new(tokenizer);
        string[] texts =
        [
            "Hello, world! It's a naïve test-case (v2.0).",
            "  tabs\tand\r\nlines\n\n and no-break\u00a0spaces \u3000 of all\u2003kinds ",
            "東京タワー は高い。 Größe, ÉCOLE, Ελλάδα, Москва, 한국어, हिन्दी",
            "emoji \U0001F600 \U0001F680x and a lone \uD83D surrogate",
            "[SEP] [MASK] is text, and so is [unused1]",
            new string('x', 300) + " " + new string('y', 60) + "\0z\u200bw",
            "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; } // x_1",
        ];
        foreach (string text in (string[])[.. texts, .. texts])
        {
            Assert.Equal([.. tokenizer.Cut(text)], reader.Read(text).ToArray());
        }
    }

    [Fact]
    public void BuiltIn_Table_KnowsEnglishPieces()
    {
        StaticTable table = StaticTable.BuiltIn;
        Assert.Equal(30_522, table.Count);
        Assert.Equal(256, table.Dimension);
        Assert.Equal(0, table.Scales[0]);
        Assert.True(table.Scales[2023] > 0);
        using MemoryStream written = new();
        table.Write(written);
        Assert.Equal(table.Hash, StaticTable.Read(written.ToArray()).Hash);
        byte[] damaged = written.ToArray();
        damaged[^50] ^= 1;
        Assert.Throws<InvalidDataException>(() => StaticTable.Read(damaged));
    }

    private static StaticEmbedder Fit(string[] sample) =>
        StaticEmbedder.Fit(
            sample,
            StaticTable.BuiltIn,
            LexicalEmbedderOptions.Default,
            TestContext.Current.CancellationToken
        );

    private static float[] Embed(StaticEmbedder embedder, string text)
    {
        float[] vector = new float[embedder.Dimension];
        embedder.Embed(text, vector);
        return vector;
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
