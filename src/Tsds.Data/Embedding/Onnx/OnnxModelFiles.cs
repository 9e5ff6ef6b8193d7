using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Tokens;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>The files of a sentence-transformers export: the model, and the settings in the files beside it.</summary>
/// <param name="ModelPath">The .onnx file.</param>
/// <param name="TokenizerPath"><c>tokenizer.json</c>, or <c>vocab.txt</c> where there is none.</param>
/// <param name="LowerCases">For a vocab.txt: true if texts are converted to lower case.</param>
/// <param name="Pooling">The pooling of tokens into one vector, or null if no file specifies it.</param>
/// <param name="IsNormalized">True if vectors are scaled to length 1.</param>
/// <param name="MaxTokens">The most tokens of a text, the special ones included.</param>
/// <param name="Dimension">The length of the vectors, or null if no file specifies it.</param>
internal sealed record OnnxModelFiles(
    string ModelPath,
    string TokenizerPath,
    bool LowerCases,
    Pooling? Pooling,
    bool IsNormalized,
    int MaxTokens,
    int? Dimension
)
{
    private const int DefaultMaxTokens = 512;

    /// <summary>
    /// The largest number of tokens that is taken as a limit; tokenizers without a limit write numbers like 10³⁰.
    /// </summary>
    private const int LargestMaxTokens = 1 << 20;

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="FileNotFoundException">The model or its tokenizer is missing.</exception>
    /// <exception cref="InvalidDataException">A file asks for something that is not done here; the message names
    /// it.</exception>
    public static OnnxModelFiles Read(string folder)
    {
        string model = FindModel(folder);
        JsonElement? tokenizerConfig = ModelJson.TryRead(Path.Combine(folder, "tokenizer_config.json"));
        string poolingPath = Path.Combine(folder, "1_Pooling", "config.json");
        JsonElement? pooling = ModelJson.TryRead(poolingPath);
        string modulesPath = Path.Combine(folder, "modules.json");
        return new OnnxModelFiles(
            model,
            TokenizerFile.Find(folder),
            TokenizerFile.LowerCases(folder),
            pooling is null ? null : ReadPooling(pooling, poolingPath),
            ReadModules(ModelJson.TryRead(modulesPath), modulesPath),
            ReadMaxTokens(folder, tokenizerConfig),
            (int?)pooling.Number("word_embedding_dimension")
        );
    }

    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidDataException">It is larger than an array.</exception>
    public byte[] ReadModel() =>
        FileSources.LengthOf(ModelPath) <= Array.MaxLength
            ? File.ReadAllBytes(ModelPath)
            : throw new InvalidDataException($"Expected a model of at most 2 GB in {ModelPath}, found a larger one.");

    /// <summary>Returns the hash of everything that a vector depends on.</summary>
    /// <param name="tokenizer">The version of the tokenizer.</param>
    public string Hash(string tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string name = Path.GetFileName(ModelPath);

        // Weights beyond 2 GB lie in files beside the model, named after it.
        IEnumerable<string> weights = Directory
            .EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(ModelPath))!)
            .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string path in weights.Append(TokenizerPath))
        {
            hash.AppendData(Convert.FromHexString(FileHash.Of(path)));
        }

        return Finish(hash, tokenizer);
    }

    /// <summary>Hashes a model in memory: as its files would be hashed.</summary>
    /// <param name="model">The ONNX graph.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="tokenizer">The version of the tokenizer.</param>
    public string Hash(byte[] model, byte[] vocabulary, string tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(model));
        hash.AppendData(SHA256.HashData(vocabulary));
        return Finish(hash, tokenizer);
    }

    private string Finish(IncrementalHash hash, string tokenizer)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{LowerCases} {Pooling} {IsNormalized} {MaxTokens}{tokenizer}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static string FindModel(string folder)
    {
        string[] names = [Path.Combine(folder, "model.onnx"), Path.Combine(folder, "onnx/model.onnx")];
        return names.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"Expected a model, model.onnx or onnx/model.onnx, in {folder}, found neither."
            );
    }

    private static Pooling ReadPooling(JsonElement? config, string path)
    {
        const string Prefix = "pooling_mode_";
        string[] modes =
        [
            .. config is { ValueKind: JsonValueKind.Object } known
                ? known
                    .EnumerateObject()
                    .Where(member =>
                        member.Name.StartsWith(Prefix, StringComparison.Ordinal)
                        && member.Value.ValueKind == JsonValueKind.True
                    )
                    .Select(member => member.Name[Prefix.Length..])
                : [],
        ];
        return modes switch
        {
            ["mean_tokens"] => Embedding.Pooling.Mean,
            ["cls_token"] => Embedding.Pooling.First,
            ["lasttoken"] => Embedding.Pooling.Last,
            _ => throw new InvalidDataException(
                $"Expected one of mean_tokens, cls_token and lasttoken as pooling mode in {path}, found "
                    + $"{(modes.Length == 0 ? "none" : string.Join(" and ", modes))}."
            ),
        };
    }

    private static bool ReadModules(JsonElement? modules, string path)
    {
        string[] types =
        [
            .. modules is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select(module => ((JsonElement?)module).Text("type") ?? "")
                : [],
        ];
        string[] names = [.. types.Select(type => type[(type.LastIndexOf('.') + 1)..])];
        string? unknown = names.FirstOrDefault(name => name is not ("Transformer" or "Pooling" or "Normalize"));
        return unknown is null
            ? names.Contains("Normalize")
            : throw new InvalidDataException(
                $"Expected the modules Transformer, Pooling and Normalize in {path}, found '{unknown}', "
                    + $"which is not computed here; export the model with it inside."
            );
    }

    private static int ReadMaxTokens(string folder, JsonElement? tokenizerConfig)
    {
        double? stated = ModelJson.TryRead(Path.Combine(folder, "sentence_bert_config.json")).Number("max_seq_length");
        double length =
            stated
            ?? Math.Min(
                tokenizerConfig.Number("model_max_length") ?? double.MaxValue,
                ModelJson.TryRead(Path.Combine(folder, "config.json")).Number("max_position_embeddings")
                    ?? double.MaxValue
            );
        return length is >= 1 and <= LargestMaxTokens ? (int)length : DefaultMaxTokens;
    }
}
