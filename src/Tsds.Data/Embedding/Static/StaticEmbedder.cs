using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Tokens;

namespace Tsds.Data.Embedding.Static;

/// <summary>
/// An embedder with a table of word pieces instead of a transformer: the vector of a text is the weighted mean of its
/// pieces' vectors, scaled to length 1.
/// </summary>
/// <remarks>
/// <para>
/// A piece counts a/(a + p), with p its share of all pieces in a sample of the pool and a = 0.001, so that what stands
/// in every text says little (Arora et al. 2017, A simple but tough-to-beat baseline for sentence embeddings).
/// </para>
/// <para>
/// Deterministic: the same sample and text give the same bytes, on any number of threads and any processor. A text
/// without a known piece gets the zero vector. The table knows the pieces of an English vocabulary; other alphabets it
/// knows letter by letter at best.
/// </para>
/// </remarks>
internal sealed class StaticEmbedder : IEmbedder
{
    /// <summary>The version of the algorithm, which changes whenever a text would get a different embedding.</summary>
    public const string Version = "static-1";

    /// <summary>The share of pieces at which a piece counts half.</summary>
    private const double HalfShare = 1e-3;

    private readonly StaticTable _table;
    private readonly StaticFit _fit;
    private readonly float[] _factors;
    private readonly LexicalEmbedderOptions _options;
    private readonly TextTokenizer _tokenizer;
    private readonly ConcurrentBag<PieceReader> _spareReaders = [];

    /// <summary>Initializes an embedder as it was fitted.</summary>
    public StaticEmbedder(StaticTable table, StaticFit fit, LexicalEmbedderOptions options)
    {
        (_table, _fit, _options) = (table, fit, options);
        _tokenizer = table.OpenTokenizer();
        _factors = new float[table.Count];
        for (int piece = 0; piece < _factors.Length; piece++)
        {
            _factors[piece] = fit.Weights[piece] * table.Scales[piece];
        }
    }

    /// <summary>Gets the length of the embeddings.</summary>
    public int Dimension => _table.Dimension;

    /// <summary>Gets the result of the fit, which can be stored.</summary>
    public StaticFit Fitted => _fit;

    EmbedderFit? IEmbedder.Fit => new(Version, _fit.SampleRows);

    /// <summary>Returns the version of the embedder with a table.</summary>
    public static string VersionOf(StaticTable table) => $"{Version}/{table.Hash[..16]}";

    /// <summary>Returns the identity of the embedder that a sample gives, before it is fitted.</summary>
    public static string IdentityOf(IReadOnlyList<string> sample, StaticTable table, LexicalEmbedderOptions options)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>([options.SampleRows, options.TextLength]));
        foreach (string text in sample)
        {
            ReadOnlySpan<char> bounded = FeatureWeights.Bounded(text, options.TextLength);
            hash.AppendData(MemoryMarshal.AsBytes<int>([bounded.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(bounded));
        }

        return $"{VersionOf(table)}/{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}";
    }

    /// <summary>Fits an embedder by counting the pieces of a sample.</summary>
    /// <param name="sample">Texts of the pool, at least one.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">The bound of a text, and the number of threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The embedder.</returns>
    public static StaticEmbedder Fit(
        IReadOnlyList<string> sample,
        StaticTable table,
        LexicalEmbedderOptions options,
        CancellationToken cancellationToken
    )
    {
        TextTokenizer tokenizer = table.OpenTokenizer();
        long[] counts = new long[table.Count];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.ThreadCount,
            CancellationToken = cancellationToken,
        };
        Parallel.ForEach(
            sample,
            parallel,
            () => (Reader: new PieceReader(tokenizer), Counts: new long[table.Count]),
            (text, _, state) =>
            {
                foreach (int piece in state.Reader.Read(FeatureWeights.Bounded(text, options.TextLength)))
                {
                    state.Counts[piece]++;
                }

                return state;
            },
            state =>
            {
                lock (counts)
                {
                    for (int piece = 0; piece < counts.Length; piece++)
                    {
                        counts[piece] += state.Counts[piece];
                    }
                }
            }
        );
        double total = Math.Max(1, counts.Sum());
        float[] weights = Array.ConvertAll(counts, count => (float)(HalfShare / (HalfShare + (count / total))));
        return new StaticEmbedder(
            table,
            new StaticFit(IdentityOf(sample, table, options), sample.Count, weights),
            options
        );
    }

    /// <summary>Embeds a text. May be called from several threads.</summary>
    /// <param name="text">Any text; what is beyond TextLength characters is left out.</param>
    /// <param name="destination">Length <see cref="Dimension"/>; receives a vector of length 1, or zeros.</param>
    public void Embed(string text, Span<float> destination)
    {
        PieceReader reader = _spareReaders.TryTake(out PieceReader? spare) ? spare : new PieceReader(_tokenizer);
        destination.Clear();
        foreach (int piece in reader.Read(FeatureWeights.Bounded(text, _options.TextLength)))
        {
            float factor = _factors[piece];
            if (factor != 0)
            {
                AddScaled(destination, _table[piece], factor);
            }
        }

        _spareReaders.Add(reader);
        double normSquared = 0;
        foreach (float value in destination)
        {
            normSquared += (double)value * value;
        }

        if (normSquared > 0)
        {
            double scale = 1 / Math.Sqrt(normSquared);
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (float)(destination[i] * scale);
            }
        }
    }

    string IEmbedder.IdentityOf(TextRole role) => _fit.Identity;

    ValueTask<EmbeddingMatrix> IEmbedder.EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(EachText.Embed(texts, Dimension, _options.ThreadCount, Embed, cancellationToken));

    void IDisposable.Dispose() { }

    /// <summary>
    /// Computes sum += factor·row. Every component is a sum of its own, multiplied and added without fusing, so that
    /// the bits do not depend on the width of the registers.
    /// </summary>
    private static void AddScaled(Span<float> sum, ReadOnlySpan<sbyte> row, float factor)
    {
        int i = 0;
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<sbyte>> rows = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(row);
        Vector<float> factors = new(factor);
        foreach (Vector<sbyte> bytes in rows)
        {
            Vector.Widen(bytes, out Vector<short> low, out Vector<short> high);
            Vector.Widen(low, out Vector<int> first, out Vector<int> second);
            Vector.Widen(high, out Vector<int> third, out Vector<int> fourth);
            sums[i] += Vector.ConvertToSingle(first) * factors;
            sums[i + 1] += Vector.ConvertToSingle(second) * factors;
            sums[i + 2] += Vector.ConvertToSingle(third) * factors;
            sums[i + 3] += Vector.ConvertToSingle(fourth) * factors;
            i += 4;
        }

        for (int rest = rows.Length * Vector<sbyte>.Count; rest < row.Length; rest++)
        {
            sum[rest] += row[rest] * factor;
        }
    }
}
