using Tsds.Sampling;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// An embedder of the same features and weights with random signs instead of singular vectors; the baseline against
/// which the lexical embedder is measured.
/// </summary>
internal sealed class HashedProjection
{
    private readonly LexicalEmbedderOptions _options;
    private readonly FeatureWeights _weights;

    private HashedProjection(LexicalEmbedderOptions options, FeatureWeights weights)
    {
        _options = options;
        _weights = weights;
    }

    public static HashedProjection Fit(IReadOnlyList<string> sample, LexicalEmbedderOptions options) =>
        new(options, FeatureWeights.Fit(sample, options.FeatureCount, options.TextLength));

    /// <summary>Embeds a text. The vector is not scaled to length 1, which the pool does.</summary>
    public void Embed(string text, Span<float> destination)
    {
        TextFeatures features = new();
        features.Read(FeatureWeights.Bounded(text, _options.TextLength));
        destination.Clear();
        foreach ((int column, float value) in _weights.Weigh(features))
        {
            for (int i = 0; i < destination.Length; i += 64)
            {
                ulong signs = SplitMix.Mix(((ulong)column << 8) + (ulong)(i / 64));
                for (int bit = 0; bit < 64; bit++)
                {
                    destination[i + bit] += ((signs >> bit) & 1) == 0 ? value : -value;
                }
            }
        }

        // A text without a known feature still needs a direction.
        destination[0] += 1e-6f;
    }
}
