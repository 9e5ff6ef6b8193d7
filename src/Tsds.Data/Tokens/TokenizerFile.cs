using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Tsds.Data.Tokens;

/// <summary>
/// Reads the tokenizer of a model. Settings that the tokenizer library does not support are refused by name, not
/// approximated.
/// </summary>
/// <remarks>
/// WordPiece with the normalizer and pre-tokenizer of BERT; byte-level BPE with a regular expression or without; the
/// unigram and BPE models of SentencePiece; a text is assumed to be in form NFC. Characters beyond the basic plane
/// count as symbols in regular expressions.
/// </remarks>
internal sealed class TokenizerFile
{
    /// <summary>
    /// The default pattern by which ByteLevel splits: contractions, letters, digits, others, white space.
    /// </summary>
    private const string ByteLevelPattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly string _path;
    private readonly JsonElement? _root;
    private readonly JsonElement? _model;

    private TokenizerFile(string path, JsonElement? root)
    {
        _path = path;
        _root = root;
        _model = root.Member("model");
    }

    /// <summary>Returns the path of the tokenizer file that a path refers to.</summary>
    /// <param name="path">A tokenizer.json or vocab.txt, or a folder that holds one.</param>
    /// <returns>The file.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Find(string path)
    {
        string[] names = Directory.Exists(path)
            ? [Path.Combine(path, "tokenizer.json"), Path.Combine(path, "vocab.txt")]
            : [path];
        return names.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"Expected a tokenizer at {path}, a tokenizer.json or vocab.txt or a folder with one, found none."
            );
    }

    /// <summary>Opens a tokenizer.</summary>
    /// <param name="path">The tokenizer.json, or a vocab.txt.</param>
    /// <exception cref="InvalidDataException">The file asks for something that the library cannot do, or is
    /// damaged.</exception>
    public static TextTokenizer Open(string path)
    {
        try
        {
            return path.EndsWith(".txt", StringComparison.Ordinal)
                ? WordPieces.Open(File.ReadAllBytes(path), LowerCases(Path.GetDirectoryName(Path.GetFullPath(path))!))
                : new TokenizerFile(path, ModelJson.TryRead(path)).Open();
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException
            )
        {
            throw new InvalidDataException(
                $"Expected a tokenizer in {path}, found a damaged file: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>
    /// Determines whether texts are converted to lower case before a <c>vocab.txt</c> in the folder is applied.
    /// </summary>
    public static bool LowerCases(string folder) =>
        ModelJson.TryRead(Path.Combine(folder, "tokenizer_config.json")).Flag("do_lower_case") ?? true;

    private TextTokenizer Open() =>
        _model.Text("type") switch
        {
            "WordPiece" => OpenWordPiece(),
            "Unigram" => OpenUnigram(),
            "BPE" when _model.Flag("byte_fallback") == true => OpenPiecePairs(),
            "BPE" => OpenBytePairs(),
            { } other => throw Unsupported("a model of type WordPiece, Unigram or BPE", other),
            null => throw Unsupported("a model of type WordPiece, Unigram or BPE", "none"),
        };

    private TextTokenizer OpenWordPiece()
    {
        Expect("a normalizer BertNormalizer", _root.Member("normalizer").Text("type"), "BertNormalizer");
        Expect("a pre_tokenizer BertPreTokenizer", _root.Member("pre_tokenizer").Text("type"), "BertPreTokenizer");
        Expect("the continuing_subword_prefix ##", _model.Text("continuing_subword_prefix") ?? "##", "##");
        Expect("the unk_token [UNK]", _model.Text("unk_token") ?? "[UNK]", "[UNK]");
        Expect(
            "max_input_chars_per_word 100",
            (_model.Number("max_input_chars_per_word") ?? 100).ToString(CultureInfo.InvariantCulture),
            "100"
        );
        JsonElement? normalizer = _root.Member("normalizer");
        if (normalizer.Flag("clean_text") == false)
        {
            throw Unsupported("a normalizer with clean_text", "one without");
        }

        bool lowerCases = normalizer.Flag("lowercase") ?? true;
        bool stripsAccents = normalizer.Flag("strip_accents") ?? lowerCases;
        SortedDictionary<int, string> vocabulary = [];
        foreach ((string token, int id) in Vocabulary())
        {
            vocabulary.Add(id, token);
        }

        if (vocabulary.Keys.Last() != vocabulary.Count - 1)
        {
            throw Unsupported(
                "ids from 0 without a gap",
                $"{vocabulary.Count} tokens up to id {vocabulary.Keys.Last()}"
            );
        }

        using MemoryStream stream = new(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary.Values) + "\n"));
        BertTokenizer tokenizer = BertTokenizer.Create(
            stream,
            WordPieces.OptionsFor(lowerCases, normalizer.Flag("handle_chinese_chars") ?? true)
        );
        (int[] before, int[] after) = SpecialTokens.Read(_root, Unsupported);
        return WordPieces.Of(tokenizer, before, after, stripsAccents);
    }

    private TextTokenizer OpenUnigram()
    {
        if (
            _model.Member("vocab") is not { ValueKind: JsonValueKind.Array } vocabulary
            || _model.Number("unk_id") is not { } unknown
        )
        {
            throw Unsupported("a Unigram model with a vocab of pieces and scores, and an unk_id", "another");
        }

        UnigramModel model = new(
            [.. vocabulary.EnumerateArray().Select(piece => (piece[0].GetString()!, piece[1].GetDouble()))],
            (int)unknown,
            _model.Flag("byte_fallback") ?? false
        );
        return OfWords(model.Cut);
    }

    private TextTokenizer OpenPiecePairs()
    {
        RefuseVariants();
        Dictionary<string, int> ids = Vocabulary().ToDictionary(token => token.Text, token => token.Id);
        IEnumerable<(string, string)> merges = Merges()
            .Select(merge => merge.Split(' '))
            .Select(pair => (pair[0], pair[1]));
        BytePairModel model = new(
            ids,
            merges,
            _model.Text("unk_token") is { } unknown ? ids[unknown] : null,
            _model.Flag("fuse_unk") ?? false
        );
        return OfWords(model.Cut);
    }

    /// <summary>Returns a tokenizer that cuts the words of a SentencePiece model.</summary>
    private TextTokenizer OfWords(Action<string, List<int>> cut)
    {
        PieceWords words = PieceWords.Read(_root, Unsupported);
        (int[] before, int[] after) = SpecialTokens.Read(_root, Unsupported);
        return new TextTokenizer(
            text =>
            {
                List<int> tokens = [];
                foreach (string word in words.Of(text))
                {
                    cut(word, tokens);
                }

                return tokens;
            },
            before,
            after
        );
    }

    private void RefuseVariants()
    {
        foreach (string name in (string[])["dropout", "end_of_word_suffix", "continuing_subword_prefix"])
        {
            if (
                _model.Member(name) is { } value
                && !(value.ValueKind == JsonValueKind.String && value.GetString() == "")
            )
            {
                throw Unsupported($"no {name}", value.ToString());
            }
        }

        if (_model.Flag("ignore_merges") == true)
        {
            throw Unsupported("no ignore_merges", "it");
        }
    }

    private TextTokenizer OpenBytePairs()
    {
        RefuseVariants();

        // Texts are composed as they are written, nearly always; .NET composes nothing if it runs without ICU.
        Expect("no normalizer, or NFC", _root.Member("normalizer").Text("type") ?? "NFC", "NFC");
        (Regex? pattern, bool addsSpace) = PreTokenizer();
        Dictionary<string, int> special = AddedTokens();
        BpeOptions options = new(Vocabulary().Select(token => KeyValuePair.Create(token.Text, token.Id)))
        {
            Merges = Merges(),
            ByteLevel = true,
            SpecialTokens = special,
            PreTokenizer = pattern is null ? null : new RegexPreTokenizer(pattern, special),
            UnknownToken = _model.Text("unk_token"),
        };
        (int[] before, int[] after) = SpecialTokens.Read(_root, Unsupported);
        BpeTokenizer tokenizer = BpeTokenizer.Create(options);
        return new TextTokenizer(
            text => tokenizer.EncodeToIds(addsSpace && !text.StartsWith(' ') ? " " + text : text),
            before,
            after
        );
    }

    private (Regex? Pattern, bool AddsSpace) PreTokenizer()
    {
        JsonElement? preTokenizer = _root.Member("pre_tokenizer");
        JsonElement[] steps =
            preTokenizer.Text("type") == "Sequence" ? [.. preTokenizer.Items("pretokenizers")]
            : preTokenizer is { } one ? [one]
            : [];
        JsonElement? split = steps is [{ } first, _] && ((JsonElement?)first).Text("type") == "Split" ? first : null;
        JsonElement? bytes = steps is [.., { } last] && ((JsonElement?)last).Text("type") == "ByteLevel" ? last : null;
        if (bytes is null || steps.Length > (split is null ? 1 : 2))
        {
            string found = string.Join(", ", steps.Select(step => ((JsonElement?)step).Text("type")));
            throw Unsupported("a pre_tokenizer ByteLevel, or Split and ByteLevel", found.Length == 0 ? "none" : found);
        }

        bool addsSpace = bytes.Flag("add_prefix_space") ?? true;
        bool usesPattern = bytes.Flag("use_regex") ?? true;
        if (split is null)
        {
            return (usesPattern ? new Regex(ByteLevelPattern, RegexOptions.CultureInvariant) : null, addsSpace);
        }

        string? pattern = split.Member("pattern").Text("Regex");
        bool isIsolated = split.Text("behavior") == "Isolated" && split.Flag("invert") != true;
        return pattern is not null && isIsolated && !usesPattern && !addsSpace
            ? (new Regex(pattern, RegexOptions.CultureInvariant), false)
            : throw Unsupported(
                "a Split by a Regex whose matches are Isolated, before a ByteLevel without use_regex and "
                    + "add_prefix_space",
                "another"
            );
    }

    private IEnumerable<(string Text, int Id)> Vocabulary() =>
        _model.Member("vocab") is { ValueKind: JsonValueKind.Object } vocabulary
            ? vocabulary.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32()))
            : throw Unsupported("a vocab of tokens and ids", "another");

    private IEnumerable<string> Merges() =>
        _model
            .Items("merges")
            .Select(merge =>
                merge.ValueKind == JsonValueKind.String
                    ? merge.GetString()!
                    : string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()))
            );

    private Dictionary<string, int> AddedTokens()
    {
        Dictionary<string, int> tokens = [];
        foreach (JsonElement? token in _root.Items("added_tokens").Select(item => (JsonElement?)item))
        {
            if (token.Text("content") is { } content && token.Number("id") is { } id)
            {
                tokens[content] = (int)id;
            }
        }

        return tokens;
    }

    private void Expect(string expected, string? found, string wanted)
    {
        if (found != wanted)
        {
            throw Unsupported(expected, found ?? "none");
        }
    }

    private InvalidDataException Unsupported(string expected, string found) =>
        new(
            $"Expected {expected} in {_path}, found {(found.Length > 80 ? found[..80] : found)}; this "
                + $"tokenizer cannot be read here, embed the rows elsewhere and give --pool-vectors."
        );
}
