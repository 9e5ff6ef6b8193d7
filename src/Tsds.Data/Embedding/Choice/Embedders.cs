using System.Globalization;
using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Embedding.Onnx;
using Tsds.Data.Embedding.Service;
using Tsds.Data.Embedding.Static;
using Tsds.Data.Files;

namespace Tsds.Data.Embedding.Choice;

/// <summary>Opens embedders and estimates what they cost.</summary>
internal static class Embedders
{
    /// <summary>The bytes of the activations of one text, for a model of usual size.</summary>
    private const long BytesPerThread = 200_000_000;

    /// <summary>The bytes of the table of the static embedder and of each thread's cache of words.</summary>
    private const long StaticBytes = 50_000_000;

    /// <summary>The bytes of a token in English text; other languages have fewer.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Opens an embedder that is the same for every pool.</summary>
    /// <exception cref="ArgumentException">The options do not fit the embedder.</exception>
    /// <exception cref="FileNotFoundException">A file of the model is missing.</exception>
    /// <exception cref="InvalidDataException">The model cannot be used; the message says why.</exception>
    public static IEmbedder Open(EmbedderPart part, EmbedderOptions options, int threadCount)
    {
        if (part.Packaged is { } model)
        {
            return OnnxEmbedder.Open(model, part.UsesInt8, options, threadCount);
        }

        return part.OnnxFolder is { } folder
            ? OnnxEmbedder.Open(folder, part.UsesInt8, options, threadCount)
            : OpenAIEmbedder.Open(options with { Name = part.Name });
    }

    /// <summary>
    /// Returns the length of an embedder's vectors, or null if it is not known before a text is embedded.
    /// </summary>
    public static int? DimensionOf(EmbedderOptions options)
    {
        int?[] parts =
        [
            .. options.Parts.Select(part =>
                part.IsLexical ? LexicalEmbedderOptions.Default.Dimension
                : part.IsStatic ? StaticTable.BuiltIn.Dimension
                : part.Packaged is { } model ? model.Dimension
                : part.OnnxFolder is { } folder ? OnnxModelFiles.Read(folder).Dimension
                : null
            ),
        ];
        return parts.Length > 0 && Array.TrueForAll(parts, part => part is not null) ? parts.Sum() : null;
    }

    /// <summary>Estimates the memory of embedding, in bytes; it does not depend on the pool.</summary>
    public static long EstimateMemory(EmbedderOptions options, int threadCount) =>
        options.IsAuto
            ? LexicalEmbedder.EstimateMemory(LexicalEmbedderOptions.Default) + StaticBytes
            : options.Parts.Sum(part => EstimateMemory(part, threadCount))
                - ((options.Parts.Count - 1) * RuntimeMemory.Bytes);

    /// <summary>Returns notes on what is sent to other machines and what it may cost.</summary>
    /// <param name="options">The embedder.</param>
    /// <param name="bytes">The bytes of the files whose texts are embedded.</param>
    public static IEnumerable<string> Notes(EmbedderOptions options, long bytes)
    {
        if (
            options.Parts.Select(part => part.Service).FirstOrDefault(service => service is not null) is not { } service
        )
        {
            yield break;
        }

        double tokens = (double)bytes / BytesPerToken;
        string cost = options.Price is { } price
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", about {(decimal)tokens * price / 1_000_000:N2} at {price} a million"
            )
            : "; --embedder-price says what they cost";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"the text of every row that is not kept yet is sent to {service.Url.Host}, model {service.Model}: at "
                + $"most about {tokens:N0} tokens, a quarter of the files' bytes as they are on disk{cost}."
        );
    }

    private static long EstimateMemory(EmbedderPart part, int threadCount)
    {
        if (part.IsLexical)
        {
            return LexicalEmbedder.EstimateMemory(LexicalEmbedderOptions.Default);
        }

        if (part.IsStatic)
        {
            return RuntimeMemory.Bytes + StaticBytes + (threadCount * (StaticBytes / 2));
        }

        string? model =
            part.Packaged?.Locate() ?? (part.OnnxFolder is { } folder ? OnnxModelFiles.Read(folder).ModelPath : null);

        // The graph is read, and its weights are laid out for the processor.
        return model is null
            ? 2 * RuntimeMemory.Bytes
            : RuntimeMemory.Bytes + (2 * FileSources.LengthOf(model)) + (threadCount * BytesPerThread);
    }
}
