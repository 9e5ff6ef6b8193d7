using Tsds.Data.Embedding.Lexical;

namespace Tsds.Tests.Data.Embedding.Lexical;

public sealed class LexicalFitTests : IDisposable
{
    private static readonly string[] Sample =
    [
        .. Enumerable.Range(0, 40).Select(i => $"row {i} of {i % 3} kinds, {i % 5} words"),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Written_EmbedsToTheSameBits()
    {
        LexicalEmbedder fitted = LexicalEmbedder.Fit(
            Sample,
            LexicalEmbedderOptions.Default,
            null,
            TestContext.Current.CancellationToken
        );
        fitted.Fitted.Write(_folder["fit"]);
        LexicalEmbedder read = new(LexicalEmbedderOptions.Default, LexicalFit.Read(_folder["fit"])!);

        Assert.Equal(LexicalEmbedder.IdentityOf(Sample, LexicalEmbedderOptions.Default), read.Fitted.Identity);
        Assert.Equal(Sample.Length, read.Fitted.SampleRows);
        float[] expected = new float[256];
        float[] actual = new float[256];
        foreach (string text in (string[])[.. Sample, "something else", "", "row"])
        {
            fitted.Embed(text, expected);
            read.Embed(text, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Read_NoFeatureAtAll_IsFineToo()
    {
        LexicalEmbedder
            .Fit([" "], LexicalEmbedderOptions.Default, null, TestContext.Current.CancellationToken)
            .Fitted.Write(_folder["fit"]);
        Assert.Null(LexicalFit.Read(_folder["fit"])!.Svd);
    }

    [Fact]
    public void Read_NoFile_IsNull() => Assert.Null(LexicalFit.Read(_folder["nothing"]));

    /// <summary>The fuzz target of the file: cut and flipped anywhere, it is refused, never used.</summary>
    [Fact]
    public void Read_Damaged_IsRefused()
    {
        string path = _folder["fit"];
        LexicalEmbedder
            .Fit(Sample, LexicalEmbedderOptions.Default, null, TestContext.Current.CancellationToken)
            .Fitted.Write(path);
        byte[] whole = File.ReadAllBytes(path);
        Random random = new(7);
        for (int i = 0; i < 150; i++)
        {
            // The header is where counts are, so half of the damage is done there.
            int end = i % 2 == 0 ? 110 : whole.Length;
            byte[] damaged = [.. whole];
            damaged[random.Next(end)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, i % 3 == 0 ? whole[..random.Next(end)] : damaged);
            Assert.Throws<InvalidDataException>(() => LexicalFit.Read(path));
        }
    }

    [Fact]
    public void IdentityOf_TextsCutElsewhere_Differs() =>
        Assert.NotEqual(
            LexicalEmbedder.IdentityOf(["ab", "c"], LexicalEmbedderOptions.Default),
            LexicalEmbedder.IdentityOf(["a", "bc"], LexicalEmbedderOptions.Default)
        );
}
