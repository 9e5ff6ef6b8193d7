using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Sampling;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// The built-in embedder, which needs no model and no download: hashed words, word pairs and character 4-grams, TF-IDF,
/// latent semantic analysis.
/// </summary>
/// <remarks>
/// <para>
/// A text becomes the vector x of its features, (1 + ln tf)·(ln((1 + n)/(1 + df)) + 1), scaled to length 1; its
/// embedding is Vᵀx scaled to length 1, with V the 256 leading right singular vectors of the sample's vectors. So texts
/// are near that share words, and texts whose words occur in the same company.
/// </para>
/// <para>
/// Deterministic: the same sample and text give the same bytes, on any number of threads. A text without any known
/// feature gets a direction of its own, drawn from its hash. Fewer than 256 independent texts leave the last components
/// 0.
/// </para>
/// </remarks>
/// <seealso href="https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9">Deerwester et al.
/// 1990, Indexing by latent semantic analysis</seealso>
internal sealed class LexicalEmbedder : IEmbedder
{
    /// <summary>The version of the algorithm, which changes whenever a text would get a different embedding.</summary>
    public const string Version = "lexical-1";

    /// <summary>
    /// The memory of the runtime, the tables of buckets and the batches of rows being read, in bytes.
    /// </summary>
    private const long FixedMemory = 150_000_000;

    private const double SmallestNorm = 1e-6;

    private readonly LexicalEmbedderOptions _options;
    private readonly LexicalFit _fit;
    private readonly FeatureWeights _weights;
    private readonly TruncatedSvd? _svd;
    private readonly ConcurrentBag<TextFeatures> _spareFeatures = [];

    internal LexicalEmbedder(LexicalEmbedderOptions options, LexicalFit fit)
    {
        _options = options;
        _fit = fit;
        _weights = fit.Weights;
        _svd = fit.Svd;
    }

    /// <summary>Gets the length of the embeddings.</summary>
    public int Dimension => _options.Dimension;

    /// <summary>Gets the number of steps that a fit reports.</summary>
    public static int StepCount => TruncatedSvd.StepCount;

    /// <summary>Gets the result of the fit, which can be stored.</summary>
    internal LexicalFit Fitted => _fit;

    /// <summary>
    /// Returns the identity of the embedder that a sample gives, before it is fitted: version and hash of the sample.
    /// </summary>
    internal static string IdentityOf(IReadOnlyList<string> sample, LexicalEmbedderOptions options)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            MemoryMarshal.AsBytes<int>([
                options.Dimension,
                options.SampleRows,
                options.TextLength,
                options.FeatureCount,
            ])
        );
        foreach (string text in sample)
        {
            // The length keeps two texts apart from one that is both.
            ReadOnlySpan<char> bounded = FeatureWeights.Bounded(text, options.TextLength);
            hash.AppendData(MemoryMarshal.AsBytes<int>([bounded.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(bounded));
        }

        return $"{Version}/{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}";
    }

    /// <summary>
    /// Estimates the memory of fitting, in bytes: the sample, its sparse matrix four times (while it is built and
    /// transposed), and two dense matrices of width 272, one with a row per feature and one with a row per text.
    /// </summary>
    /// <param name="options">How the embedder is fitted.</param>
    /// <returns>The estimate; it does not depend on the pool.</returns>
    public static long EstimateMemory(LexicalEmbedderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        const int TypicalCharacters = 1_000;
        const int TypicalFeatures = 500;
        long sample = options.SampleRows * (long)((2 * TypicalCharacters) + (4 * 8 * TypicalFeatures));
        return FixedMemory
            + sample
            + ((options.FeatureCount + options.SampleRows) * (options.Dimension + 16L) * sizeof(float));
    }

    /// <summary>Fits an embedder on a sample of texts.</summary>
    /// <param name="sample">Texts of the pool, at least one.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="progress">Receives steps done; may be null.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <returns>The embedder.</returns>
    /// <exception cref="ArgumentException">The sample is empty.</exception>
    public static LexicalEmbedder Fit(
        IReadOnlyList<string> sample,
        LexicalEmbedderOptions options,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(sample.Count);
        string identity = IdentityOf(sample, options);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.ThreadCount,
            CancellationToken = cancellationToken,
        };
        FeatureCount[][] texts = TextFeatures.ReadAll(sample, options.TextLength, parallel);
        FeatureWeights weights = FeatureWeights.Fit(texts, options.FeatureCount);
        if (weights.Count == 0)
        {
            return new LexicalEmbedder(options, new LexicalFit(identity, sample.Count, weights, null));
        }

        TruncatedSvd svd = TruncatedSvd.Compute(Weigh(texts, weights, parallel), options.Dimension, parallel, progress);
        return new LexicalEmbedder(options, new LexicalFit(identity, sample.Count, weights, svd));
    }

    /// <summary>
    /// Weighs all texts straight into the matrix. The features of a text are forgotten as soon as they are in it, for
    /// together they are as large as the matrix.
    /// </summary>
    private static SparseMatrix Weigh(FeatureCount[][] texts, FeatureWeights weights, ParallelOptions parallel)
    {
        int[] counts = new int[texts.Length];
        Parallel.For(0, texts.Length, parallel, i => counts[i] = weights.CountKnown(texts[i]));
        return SparseMatrix.FromRows(
            counts,
            weights.Count,
            (i, elements) =>
            {
                weights.Weigh(texts[i], elements);
                texts[i] = [];
            },
            parallel
        );
    }

    /// <summary>Embeds a text. May be called from several threads.</summary>
    /// <param name="text">Any text, the empty one included; text beyond TextLength characters is ignored.</param>
    /// <param name="destination">Length <see cref="Dimension"/>; receives a vector of length 1.</param>
    public void Embed(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Dimension);
        TextFeatures features = _spareFeatures.TryTake(out TextFeatures? spare) ? spare : new TextFeatures();
        ReadOnlySpan<char> bounded = FeatureWeights.Bounded(text, _options.TextLength);
        features.Read(bounded);
        (int Column, float Value)[] weighted = _weights.Weigh(features);
        _spareFeatures.Add(features);
        destination.Clear();
        if (_svd is not null)
        {
            DenseKernels.Combine(
                weighted,
                _svd.RightVectors,
                _svd.Stride,
                destination[..Math.Min(destination.Length, _svd.SingularValues.Length)]
            );
        }

        double normSquared = 0;
        foreach (float value in destination)
        {
            normSquared += (double)value * value;
        }

        double norm = Math.Sqrt(normSquared);
        if (norm < SmallestNorm)
        {
            WriteDirectionOfHash(bounded, destination);
            return;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)(destination[i] / norm);
        }
    }

    EmbedderFit? IEmbedder.Fit => new(Version, _fit.SampleRows);

    string IEmbedder.IdentityOf(TextRole role) => _fit.Identity;

    ValueTask<EmbeddingMatrix> IEmbedder.EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(EachText.Embed(texts, Dimension, _options.ThreadCount, Embed, cancellationToken));

    void IDisposable.Dispose() { }

    private static void WriteDirectionOfHash(ReadOnlySpan<char> text, Span<float> destination)
    {
        ulong hash = 0;
        foreach (char character in text)
        {
            hash = SplitMix.Mix(hash ^ character);
        }

        float length = (float)(1 / Math.Sqrt(destination.Length));
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (SplitMix.Mix(hash + (ulong)i) & 1) == 0 ? length : -length;
        }
    }
}
