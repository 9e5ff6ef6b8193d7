using System.Globalization;
using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Embedding.Onnx;
using Tsds.Data.Embedding.Service;

namespace Tsds.Data.Embedding;

/// <summary>Opens embedders and estimates what they cost.</summary>
internal static class Embedders
{
    /// <summary>The bytes of the activations of one text, for a model of usual size.</summary>
    private const long BytesPerThread = 200_000_000;

    /// <summary>The bytes of a token in English text; other languages have fewer.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Opens an embedder.</summary>
    /// <returns>Null for the lexical one, which a pool has yet to be read for.</returns>
    /// <exception cref="ArgumentException">The options do not fit the embedder.</exception>
    /// <exception cref="FileNotFoundException">A file of the model is missing.</exception>
    /// <exception cref="InvalidDataException">The model cannot be used; the message gives the reason.</exception>
    public static IEmbedder? Open(EmbedderOptions options, int threadCount)
    {
        if (options.OnnxFolder is { } folder)
        {
            return OnnxEmbedder.Open(folder, options, threadCount);
        }

        if (options.IsService)
        {
            return OpenAIEmbedder.Open(options);
        }

        return options.QueryPrefix.Length + options.PassagePrefix.Length == 0
            ? null
            : throw new ArgumentException(
                "--embedder-prefix is for models that want queries and passages marked; the lexical embedder "
                    + "does not: leave it out."
            );
    }

    /// <summary>
    /// Returns the length of an embedder's vectors, or null if it is not known before a text is embedded.
    /// </summary>
    public static int? DimensionOf(EmbedderOptions options) =>
        options.IsLexical ? LexicalEmbedderOptions.Default.Dimension
        : options.OnnxFolder is { } folder ? OnnxModelFiles.Read(folder).Dimension
        : null;

    /// <summary>Estimates the memory of embedding, in bytes; it does not depend on the pool.</summary>
    public static long EstimateMemory(EmbedderOptions options, int threadCount)
    {
        if (options.OnnxFolder is { } folder)
        {
            // The graph is read, and its weights are laid out for the processor.
            return RuntimeMemory.Bytes
                + (2 * new FileInfo(OnnxModelFiles.Read(folder).ModelPath).Length)
                + (threadCount * BytesPerThread);
        }

        return options.IsLexical
            ? LexicalEmbedder.EstimateMemory(LexicalEmbedderOptions.Default)
            : 2 * RuntimeMemory.Bytes;
    }

    /// <summary>Returns notes on what is sent to other machines and what it may cost.</summary>
    /// <param name="options">The embedder.</param>
    /// <param name="bytes">The bytes of the files whose texts are embedded.</param>
    public static IEnumerable<string> Notes(EmbedderOptions options, long bytes)
    {
        if (!options.IsService)
        {
            yield break;
        }

        (Uri url, string model) = options.Service;
        double tokens = (double)bytes / BytesPerToken;
        string cost = options.Price is { } price
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", about {(decimal)tokens * price / 1_000_000:N2} at {price} a million"
            )
            : "; --embedder-price says what they cost";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"the text of every row that is not kept yet is sent to {url.Host}, model {model}: at most about "
                + $"{tokens:N0} tokens, a quarter of the files' bytes as they are on disk{cost}."
        );
    }
}
