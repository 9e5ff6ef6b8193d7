using System.Text.Json;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Onnx;
using Tsds.Data.Tokens;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Data.Embedding.Onnx;

public sealed class OnnxEmbedderTests : IDisposable
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "the",
        "cat",
        "##s",
        "sat",
        "on",
        "mat",
        "un",
        "##want",
        "##ed",
        ".",
        ",",
        "cafe",
        "你",
        "好",
        "query",
        "passage",
        ":",
    ];

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TempFolder _folder = new();

    public OnnxEmbedderTests()
    {
        _folder.Write("model/onnx/model.onnx", TinyTransformer.Model());
        _folder.Write("model/vocab.txt", Vocabulary);
        _folder.Write("model/1_Pooling/config.json", Pool("mean_tokens"));
        _folder.Write("model/sentence_bert_config.json", """{"max_seq_length":12}""");
        _folder.Write(
            "model/modules.json",
            """[{"type":"sentence_transformers.models.Transformer"},{"type":"sentence_transformers.models.Pooling"}]"""
        );
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("The cats sat on the mat.", new[] { 2, 5, 6, 7, 8, 9, 5, 10, 14, 3 })]
    [InlineData("unwanted Café, 你好 zzz", new[] { 2, 11, 12, 13, 16, 15, 17, 18, 1, 3 })]
    [InlineData("the the the the the the the the the the the the the", new[] { 2, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 3 })]
    [InlineData("unwanted zzz", new[] { 2, 11, 12, 13, 1, 3 })]
    [InlineData("CAFÉ cafe\u0301", new[] { 2, 16, 16, 3 })]
    [InlineData("你好cat", new[] { 2, 17, 18, 6, 3 })]
    [InlineData("...", new[] { 2, 14, 14, 14, 3 })]
    public async Task Embed_MeanOfTokens_IsThatOfTheDefinition(string text, int[] ids)
    {
        double[][] tokens = TinyTransformer.Run(ids);
        AssertNear(
            [.. Enumerable.Range(0, TinyTransformer.Width).Select(i => tokens.Average(token => token[i]))],
            await EmbedAsync(text)
        );
    }

    [Theory]
    [InlineData("cls_token", 0)]
    [InlineData("lasttoken", 4)]
    public async Task Embed_OneToken_IsThatToken(string mode, int token)
    {
        _folder.Write("model/1_Pooling/config.json", Pool(mode));
        AssertNear(TinyTransformer.Run([2, 5, 6, 8, 3])[token], await EmbedAsync("the cat sat"));
    }

    [Fact]
    public async Task Embed_Normalize_ScalesToLengthOne()
    {
        float[] raw = await EmbedAsync("the cat sat");
        _folder.Write("model/modules.json", """[{"type":"sentence_transformers.models.Normalize"}]""");
        double norm = Math.Sqrt(raw.Sum(value => (double)value * value));
        AssertNear([.. raw.Select(value => value / norm)], await EmbedAsync("the cat sat"));
    }

    [Fact]
    public async Task Embed_Prefixes_StandBeforeTexts()
    {
        EmbedderOptions options = Options() with { QueryPrefix = "query: ", PassagePrefix = "passage: " };
        using IEmbedder plain = OnnxEmbedder.Open(_folder["model"], false, Options(), 1);
        using IEmbedder marked = OnnxEmbedder.Open(_folder["model"], false, options, 1);
        Assert.Equal(await EmbedAsync(plain, "query: the cat"), await EmbedAsync(marked, "the cat", TextRole.Query));
        Assert.Equal(
            await EmbedAsync(plain, "passage: the cat"),
            await EmbedAsync(marked, "the cat", TextRole.Passage)
        );
        Assert.NotEqual(marked.IdentityOf(TextRole.Query), marked.IdentityOf(TextRole.Passage));
        Assert.Equal(plain.IdentityOf(TextRole.Query), plain.IdentityOf(TextRole.Passage));
    }

    /// <summary>Neither the other texts of a batch nor the number of threads change a bit.</summary>
    [Fact]
    public async Task Embed_AnyBatchAndThreads_GivesTheSameBits()
    {
        string[] texts =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(i =>
                    string.Join(
                        ' ',
                        Enumerable.Range(0, 1 + (i % 9)).Select(word => Vocabulary[5 + (((i * 7) + word) % 12)])
                    )
                ),
        ];
        float[][] alone = new float[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            alone[i] = await EmbedAsync(texts[i]);
        }

        foreach (int threads in (int[])[1, 2, 5])
        {
            using IEmbedder embedder = OnnxEmbedder.Open(_folder["model"], false, Options(), threads);
            EmbeddingMatrix together = await embedder.EmbedAsync(
                texts,
                TextRole.Passage,
                TestContext.Current.CancellationToken
            );
            Assert.Equal(alone.SelectMany(vector => vector), together.Values.ToArray());
        }
    }

    [Fact]
    public void IdentityOf_AnythingThatMattersChanged_IsAnother()
    {
        HashSet<string> identities = [Identity()];
        _folder.Write("model/1_Pooling/config.json", Pool("cls_token"));
        Assert.True(identities.Add(Identity()));
        _folder.Write("model/sentence_bert_config.json", """{"max_seq_length":13}""");
        Assert.True(identities.Add(Identity()));
        _folder.Write("model/tokenizer_config.json", """{"do_lower_case":false}""");
        Assert.True(identities.Add(Identity()));
        _folder.Write("model/vocab.txt", [.. Vocabulary, "new"]);
        Assert.True(identities.Add(Identity()));
        _folder.Write("model/onnx/model.onnx_data", "weights");
        Assert.True(identities.Add(Identity()));
        Directory.Move(_folder["model"], _folder["moved"]);
        using IEmbedder moved = OnnxEmbedder.Open(_folder["moved"], false, Options(), 1);
        Assert.Contains(moved.IdentityOf(TextRole.Passage), identities);
    }

    [Fact]
    public async Task Embed_WordPieceTokenizerJson_IsTheVocabularyFile()
    {
        float[] expected = await EmbedAsync("unwanted Café, 你好 zzz");
        _folder.Write("model/tokenizer.json", WordPiece());
        Assert.Equal(expected, await EmbedAsync("unwanted Café, 你好 zzz"));
    }

    /// <summary>Byte-level pairs by hand: merges join l-o, lo-w, space-low and e-r, in this order of rank.</summary>
    [Theory]
    [InlineData("low lower", new[] { 30, 6, 7, 8, 31 })]
    [InlineData("ol é", new[] { 30, 2, 0, 9, 10, 11, 31 })]
    public async Task Embed_BytePairTokenizerJson_CutsByMerges(string text, int[] ids)
    {
        string[] tokens = ["l", "w", "o", "e", "lo", "r", "low", "Ġlow", "er", "Ġ", "Ã", "©"];
        _folder.Write(
            "model/tokenizer.json",
            $$"""
            {"added_tokens":[{"id":30,"content":"<s>"},{"id":31,"content":"</s>"}],"normalizer":null,
             "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
             "post_processor":{"type":"RobertaProcessing","sep":["</s>",31],"cls":["<s>",30]},
             "model":{"type":"BPE","vocab":{{JsonSerializer.Serialize(
                tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id)
            )}},
              "merges":["l o","lo w","Ġ low",["e","r"]] } }
            """
        );
        double[][] run = TinyTransformer.Run(ids);
        AssertNear(
            [.. Enumerable.Range(0, TinyTransformer.Width).Select(i => run.Average(token => token[i]))],
            await EmbedAsync(text)
        );
    }

    [Theory]
    [InlineData("\"BertNormalizer\"", "\"Precompiled\"", "Precompiled")]
    [InlineData("\"BertPreTokenizer\"", "\"Metaspace\"", "Metaspace")]
    [InlineData("\"WordPiece\"", "\"Unigram\"", "Unigram")]
    [InlineData("\"WordPiece\"", "\"WordLevel\"", "WordLevel")]
    [InlineData("\"TemplateProcessing\"", "\"Strange\"", "Strange")]
    [InlineData("\"##\"", "\"@@\"", "@@")]
    [InlineData("\"[PAD]\":0", "\"[PAD]\":77", "77")]
    public void Open_TokenizerThatCannotBeRead_IsRefusedByName(string from, string to, string name)
    {
        string whole = WordPiece();
        Assert.Contains(from, whole, StringComparison.Ordinal);
        _folder.Write("model/tokenizer.json", whole.Replace(from, to, StringComparison.Ordinal));
        AssertRefused<InvalidDataException>(name);
    }

    [Theory]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_max_tokens":true}""", "max_tokens")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens":true,"pooling_mode_cls_token":true}""", "and")]
    [InlineData("modules.json", """[{"type":"sentence_transformers.models.Dense"}]""", "'Dense'")]
    [InlineData("modules.json", """[{"type":""", "JSON")]
    [InlineData("onnx/model.onnx", "no model", "ONNX Runtime refuses")]
    [InlineData("tokenizer.json", "{}", "found none")]
    [InlineData("tokenizer.json", "[]", "found none")]
    public void Open_FilesThatAskForMore_AreRefusedByName(string file, string content, string name)
    {
        _folder.Write("model/" + file, content);
        AssertRefused<InvalidDataException>(name);
    }

    [Theory]
    [InlineData("vocab.txt", "a tokenizer")]
    [InlineData("onnx/model.onnx", "a model")]
    public void Open_MissingFile_IsNamed(string file, string name)
    {
        File.Delete(_folder["model/" + file]);
        AssertRefused<FileNotFoundException>(name);
    }

    [Fact]
    public void Open_TokensWithoutPooling_IsRefused()
    {
        Directory.Delete(_folder["model/1_Pooling"], recursive: true);
        AssertRefused<InvalidDataException>("1_Pooling/config.json");
    }

    [Fact]
    public void Open_OtherOutput_IsRefusedByName()
    {
        _folder.Write("model/onnx/model.onnx", TinyTransformer.Model("logits"));
        AssertRefused<InvalidDataException>("logits");
    }

    /// <summary>
    /// The fuzz target of tokenizer.json: cut and changed anywhere, it is read or refused, nothing else.
    /// </summary>
    [Fact]
    public void Open_DamagedTokenizer_IsReadOrRefused()
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(WordPiece());
        Random random = new(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 2 == 1)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(32, 127);
            }

            _folder.Write("model/tokenizer.json", damaged);
            try
            {
                TokenizerFile.Open(TokenizerFile.Find(_folder["model"])).Encode("the cat", 12);
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public async Task Embed_ThroughTheJob_StoresVectorsAndSelects()
    {
        _folder.Write(
            "pool.jsonl",
            [.. Enumerable.Range(0, 40).Select(i => $$"""{"text":"the {{Vocabulary[5 + (i % 12)]}} sat {{i}}"}""")]
        );
        EmbedderOptions embedder = Options() with { Name = "onnx:" + _folder["model"] };
        EmbedSummary summary = await EmbedJob.RunAsync(
            new EmbedJobOptions
            {
                Pool = [_folder["pool.jsonl"]],
                Output = _folder["store"],
                Embedder = embedder,
            },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal((40, TinyTransformer.Width), (summary.Rows, summary.Dimension));
        Assert.True(Budget.TryParse("5", out Budget budget));
        _folder.Write("targets.jsonl", """{"text":"the cat sat"}""");
        SelectionJobOptions select = new()
        {
            Spec = new SelectionSpec
            {
                Pool = [_folder["pool.jsonl"]],
                Targets = [_folder["targets.jsonl"]],
                Budget = budget,
                PoolVectors = [_folder["store"]],
            },
            Output = _folder["from-store"],
            Cache = null,
        };
        await SelectionJob.RunAsync(select, null, TestContext.Current.CancellationToken);
        await SelectionJob.RunAsync(
            select with
            {
                Spec = select.Spec with { PoolVectors = [], Embedder = embedder },
                Output = _folder["from-rows"],
            },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            File.ReadAllText(_folder["from-store/lineage.jsonl"]),
            File.ReadAllText(_folder["from-rows/lineage.jsonl"])
        );
    }

    private static string Pool(string mode) =>
        $$"""{"word_embedding_dimension":6,"pooling_mode_{{mode}}":true,"pooling_mode_max_tokens":false}""";

    private static string WordPiece() =>
        $$$"""
            {"added_tokens":[],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
             "pre_tokenizer":{"type":"BertPreTokenizer"},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
              "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]} } },
             "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
              "vocab":{{{JsonSerializer.Serialize(
                Vocabulary.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id),
                Relaxed
            )}}} } }
            """;

    private static EmbedderOptions Options() => new() { Name = "onnx:model" };

    private static void AssertNear(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5);
        }
    }

    private static async Task<float[]> EmbedAsync(IEmbedder embedder, string text, TextRole role = TextRole.Passage) =>
        (await embedder.EmbedAsync([text], role, TestContext.Current.CancellationToken)).Values.ToArray();

    private async Task<float[]> EmbedAsync(string text)
    {
        using IEmbedder embedder = OnnxEmbedder.Open(_folder["model"], false, Options(), 1);
        return await EmbedAsync(embedder, text);
    }

    private string Identity()
    {
        using IEmbedder embedder = OnnxEmbedder.Open(_folder["model"], false, Options(), 1);
        return embedder.IdentityOf(TextRole.Passage);
    }

    private void AssertRefused<TException>(string name)
        where TException : Exception =>
        Assert.Contains(
            name,
            Assert.Throws<TException>(() => OnnxEmbedder.Open(_folder["model"], false, Options(), 1).Dispose()).Message,
            StringComparison.Ordinal
        );
}
