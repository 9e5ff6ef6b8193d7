using System.Text.Json;
using Tsds.Data.Tokens;

namespace Tsds.Tests.Data.Tokens;

/// <summary>Tokenizers of SentencePiece models, beside the library of such files (Golden/README.md).</summary>
public sealed class PieceTokenizerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unigram")]
    [InlineData("unigram-bytes")]
    [InlineData("bpe-bytes")]
    public void Cut_GoldenTexts_GivesTheSameTokens(string name)
    {
        TextTokenizer tokenizer = TokenizerFile.Open(Golden.PathOf($"tokenizers/{name}.json"));
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Golden.PathOf($"tokenizers/{name}.cases.json")));
        Assert.True(cases.RootElement.GetArrayLength() > 20);
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            int[] expected = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, tokenizer.Cut(one.GetProperty("text").GetString()!));
        }
    }

    [Fact]
    public void Encode_Unigram_StandsBetweenItsSpecialTokens()
    {
        TextTokenizer tokenizer = TokenizerFile.Open(Golden.PathOf("tokenizers/unigram.json"));
        long[] tokens = tokenizer.Encode("How do I make risotto with mushrooms?", 6);
        Assert.Equal(6, tokens.Length);
        Assert.Equal((0, 2), (tokens[0], tokens[^1]));
    }

    [Theory]
    [InlineData("\"WhitespaceSplit\"", "\"Digits\"", "Digits")]
    [InlineData("\"Precompiled\"", "\"NFKC\"", "NFKC")]
    [InlineData("\"unk_id\": 3", "\"unk_id\": null", "unk_id")]
    [InlineData("\"replacement\": \"▁\"", "\"replacement\": \"__\"", "'__'")]
    [InlineData("\"precompiled_charsmap\": \"", "\"precompiled_charsmap\": \"AAAA", "precompiled_charsmap")]
    public void Open_SettingThatIsNotKnown_IsRefusedByName(string from, string to, string name)
    {
        string whole = File.ReadAllText(Golden.PathOf("tokenizers/unigram.json"));
        Assert.Contains(from, whole, StringComparison.Ordinal);
        _folder.Write("tokenizer.json", whole.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(
            name,
            Assert.Throws<InvalidDataException>(() => TokenizerFile.Open(_folder["tokenizer.json"])).Message,
            StringComparison.Ordinal
        );
    }
}
