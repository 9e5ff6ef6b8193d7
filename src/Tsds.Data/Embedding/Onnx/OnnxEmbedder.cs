using Microsoft.ML.OnnxRuntime;
using Tsds.Data.Tokens;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>An embedder that runs a transformer exported to ONNX on this machine's processor.</summary>
/// <remarks>
/// Texts of equally many tokens are run together, several batches at a time, each on one thread: no padding is
/// computed, and the bits of a vector depend on nothing beside its text. That is tried with a few texts when a model is
/// opened; where a batch does change them, or the model takes none, each text is run alone. Longer texts go first, so
/// that threads end together.
/// </remarks>
internal sealed class OnnxEmbedder : IEmbedder
{
    /// <summary>The most tokens of a batch: what the layers compute for them stays in the processor's caches.</summary>
    private const int BatchTokens = 512;

    /// <summary>A text that the bits of a vector are tried with.</summary>
    private const string Probe = "Which rows of the table were changed, and by whom?";

    private readonly OnnxModelFiles _files;
    private readonly EmbedderOptions _options;
    private readonly TextTokenizer _tokenizer;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _output;
    private readonly bool _isPooled;
    private readonly int _threadCount;
    private readonly string _hash;
    private readonly int _batchTokens;

    private OnnxEmbedder(
        OnnxModelFiles files,
        EmbedderOptions options,
        TextTokenizer tokenizer,
        InferenceSession session,
        string hash,
        int threadCount
    )
    {
        _files = files;
        _options = options;
        _tokenizer = tokenizer;
        _session = session;
        _threadCount = threadCount;
        OnnxSignature.CheckInputs(session, files.ModelPath);
        _output = OnnxSignature.FindOutput(session, files.ModelPath, out _isPooled);
        if (!_isPooled && files.Pooling is null)
        {
            throw new InvalidDataException(
                $"Expected 1_Pooling/config.json beside {files.ModelPath}, whose output {_output} has a "
                    + $"vector per token, found none; it says how they become one."
            );
        }

        _hash = hash;
        _batchTokens = IsSameInBatches() ? BatchTokens : 0;
    }

    /// <summary>Opens a model in a folder.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <param name="folder">The folder.</param>
    /// <param name="usesInt8">True to compute products with weights in 8-bit integers.</param>
    /// <param name="options">The prefixes.</param>
    /// <param name="threadCount">The number of threads.</param>
    /// <exception cref="InvalidDataException">The model or its tokenizer cannot be used; the message says
    /// why.</exception>
    public static OnnxEmbedder Open(string folder, bool usesInt8, EmbedderOptions options, int threadCount)
    {
        OnnxModelFiles files = OnnxModelFiles.Read(folder);
        TextTokenizer tokenizer = TokenizerFile.Open(files.TokenizerPath);
        return Open(
            files,
            options,
            tokenizer,
            settings =>
                usesInt8
                    ? new InferenceSession(Int8(files.ReadModel(), files.ModelPath), settings)
                    : new InferenceSession(files.ModelPath, settings),
            () => files.Hash(tokenizer.Version) + MarkOf(usesInt8),
            threadCount
        );
    }

    /// <summary>Opens a model that travels in a package.</summary>
    /// <param name="model">The model.</param>
    /// <param name="usesInt8">True to compute products with weights in 8-bit integers.</param>
    /// <param name="options">The prefixes.</param>
    /// <param name="threadCount">The number of threads.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is damaged; the message says how.</exception>
    public static OnnxEmbedder Open(PackagedModel model, bool usesInt8, EmbedderOptions options, int threadCount)
    {
        string path = model.Locate();
        byte[] graph = PackagedModel.ReadModel(path);
        byte[] vocabulary = PackagedModel.ReadVocabulary(path);
        TextTokenizer tokenizer = WordPieces.Open(vocabulary, lowerCases: true);
        OnnxModelFiles files = new(path, path, true, model.Pooling, true, model.MaxTokens, model.Dimension);
        EmbedderOptions prefixed =
            options.QueryPrefix.Length + options.PassagePrefix.Length == 0
                ? options with
                {
                    QueryPrefix = model.QueryPrefix,
                }
                : options;
        return Open(
            files,
            prefixed,
            tokenizer,
            settings => new InferenceSession(usesInt8 ? Int8(graph, path) : graph, settings),
            () => files.Hash(graph, vocabulary, tokenizer.Version) + MarkOf(usesInt8),
            threadCount
        );
    }

    private static OnnxEmbedder Open(
        OnnxModelFiles files,
        EmbedderOptions options,
        TextTokenizer tokenizer,
        Func<SessionOptions, InferenceSession> start,
        Func<string> hash,
        int threadCount
    )
    {
        InferenceSession? session = null;
        try
        {
            using SessionOptions settings = new()
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            session = start(settings);
            return new OnnxEmbedder(files, options, tokenizer, session, hash(), threadCount);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException(
                $"Expected an ONNX model in {files.ModelPath}, found one that ONNX Runtime refuses: "
                    + $"{exception.Message}",
                exception
            );
        }
        catch (InvalidDataException)
        {
            session?.Dispose();
            throw;
        }
    }

    public string IdentityOf(TextRole role)
    {
        string prefix = _options.PrefixOf(role);
        string marked = prefix.Length == 0 ? "" : $" '{prefix}'";
        return $"onnx/{_hash} (ONNX Runtime {OrtEnv.Instance().GetVersionString()}){marked}";
    }

    public async ValueTask<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    )
    {
        string prefix = _options.PrefixOf(role);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = _threadCount,
            CancellationToken = cancellationToken,
        };
        long[][] tokens = new long[texts.Count][];
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, texts.Count),
                parallel,
                (i, _) =>
                {
                    tokens[i] = _tokenizer.Encode(prefix + texts[i], _files.MaxTokens);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        float[][] vectors = new float[texts.Count][];
        await Parallel
            .ForEachAsync(
                Batches(tokens),
                parallel,
                (batch, _) =>
                {
                    float[][] embedded = Run([.. batch.Select(i => tokens[i])], texts[batch[0]]);
                    for (int i = 0; i < batch.Length; i++)
                    {
                        vectors[batch[i]] = Finish(embedded[i], texts[batch[i]]);
                    }

                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        int dimension = vectors[0].Length;
        float[] values = new float[checked(texts.Count * dimension)];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i].CopyTo(values.AsSpan(i * dimension, dimension));
        }

        return new EmbeddingMatrix(values, dimension);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private static string MarkOf(bool usesInt8) => usesInt8 ? " int8" : "";

    private static byte[] Int8(byte[] model, string path) =>
        Int8Graph.TryRewrite(model)
        ?? throw new InvalidDataException(
            $"Expected a model with products by float32 weights in {path} itself, found none; give it without int8."
        );

    /// <summary>Divides texts into batches of equally many tokens, the longest first.</summary>
    private IEnumerable<int[]> Batches(long[][] tokens) =>
        Enumerable
            .Range(0, tokens.Length)
            .GroupBy(i => tokens[i].Length)
            .OrderByDescending(texts => texts.Key)
            .SelectMany(texts => texts.Chunk(Math.Max(1, _batchTokens / texts.Key)));

    /// <summary>Determines whether texts in a batch get the bits that they get alone.</summary>
    private bool IsSameInBatches()
    {
        const int LargestProbe = 8;
        long[] probe = _tokenizer.Encode(Probe, _files.MaxTokens);
        if (probe.Length < 2)
        {
            return false;
        }

        long[] words = probe[1..^1];
        long[][] texts =
        [
            .. Enumerable
                .Range(0, LargestProbe)
                .Select(i => i % Math.Max(words.Length, 1))
                .Select(start => (long[])[probe[0], .. words[start..], .. words[..start], probe[^1]]),
        ];
        try
        {
            float[][] alone = [.. texts.Select(text => Run([text], Probe)[0])];
            return Enumerable
                .Range(2, LargestProbe - 1)
                .All(count => Run(texts[..count], Probe).Zip(alone).All(pair => pair.First.SequenceEqual(pair.Second)));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Runs texts of equally many tokens; returns the vector of each.</summary>
    private float[][] Run(long[][] tokens, string first)
    {
        try
        {
            using OnnxInputs inputs = new(_session, tokens);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
                _run,
                inputs.Names,
                inputs.Values,
                [_output]
            );
            ReadOnlySpan<float> values = outputs[0].GetTensorDataAsSpan<float>();
            float[][] vectors = new float[tokens.Length][];
            int length = values.Length / tokens.Length;
            for (int text = 0; text < vectors.Length; text++)
            {
                ReadOnlySpan<float> own = values.Slice(text * length, length);
                vectors[text] = _isPooled ? own.ToArray() : Pool(own, tokens[text].Length);
            }

            return vectors;
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException(
                $"Expected {_files.ModelPath} to embed '{Shown(first)}', found that ONNX Runtime fails: "
                    + $"{exception.Message}",
                exception
            );
        }
    }

    /// <summary>
    /// Pools the vectors of a text's tokens into one. Every token counts, as there is no padding; sums are double.
    /// </summary>
    private float[] Pool(ReadOnlySpan<float> values, int count)
    {
        int dimension = values.Length / count;
        if (_files.Pooling != Pooling.Mean)
        {
            return values.Slice(_files.Pooling == Pooling.First ? 0 : (count - 1) * dimension, dimension).ToArray();
        }

        double[] sums = new double[dimension];
        for (int token = 0; token < count; token++)
        {
            ReadOnlySpan<float> vector = values.Slice(token * dimension, dimension);
            for (int i = 0; i < dimension; i++)
            {
                sums[i] += vector[i];
            }
        }

        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }

    private float[] Finish(float[] vector, string text)
    {
        double normSquared = 0;
        foreach (float value in vector)
        {
            normSquared += (double)value * value;
        }

        if (!double.IsFinite(normSquared))
        {
            throw new InvalidDataException(
                $"Expected finite numbers from {_files.ModelPath}, found NaN or infinity for the text '{Shown(text)}'."
            );
        }

        if (_files.IsNormalized && normSquared > 0)
        {
            double scale = 1 / Math.Sqrt(normSquared);
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)(vector[i] * scale);
            }
        }

        return vector;
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
