namespace Tsds.Data.Embedding.Lexical;

/// <summary>The settings with which the lexical embedder is fitted.</summary>
internal sealed record LexicalEmbedderOptions
{
    /// <summary>Gets the defaults, which every command uses.</summary>
    public static LexicalEmbedderOptions Default { get; } = new();

    /// <summary>Gets the length of the embeddings.</summary>
    /// <value>256; other values are for experiments.</value>
    public int Dimension { get; internal init; } = 256;

    /// <summary>Gets the largest number of texts in the sample.</summary>
    /// <value>At least 1. The default is 20,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int SampleRows
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(SampleRows));
            field = value;
        }
    } = 20_000;

    /// <summary>Gets the characters of a text that are looked at; the rest of a longer text is left out.</summary>
    /// <value>At least 1. The default is 8,192.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int TextLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(TextLength));
            field = value;
        }
    } = 8_192;

    /// <summary>
    /// Gets the largest number of features that are kept: those that occur in most texts of the sample.
    /// </summary>
    /// <value>At least 1. The default is 100,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int FeatureCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(FeatureCount));
            field = value;
        }
    } = 100_000;

    /// <summary>Gets the number of threads. The result does not depend on it.</summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ThreadCount));
            field = value;
        }
    } = Environment.ProcessorCount;
}
