namespace Tsds.Data.Embedding;

/// <summary>The settings of the embedder that converts texts to vectors.</summary>
public sealed record EmbedderOptions
{
    internal const string Lexical = "lexical";

    private const string OnnxStart = "onnx:";
    private const string OpenAIStart = "openai:";

    /// <summary>
    /// Gets the embedder: <c>lexical</c>, the built-in one; <c>onnx:DIR</c>, a sentence-transformers export; or
    /// <c>openai:URL#MODEL</c>, a service with the OpenAI protocol at <c>URL/embeddings</c>.
    /// </summary>
    /// <value>The default is <c>lexical</c>.</value>
    /// <exception cref="ArgumentException">The value names no embedder.</exception>
    public string Name
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Name));
            bool isKnown =
                value == Lexical
                || (value.StartsWith(OnnxStart, StringComparison.Ordinal) && value.Length > OnnxStart.Length)
                || TryReadService(value, out _, out _);
            field = isKnown
                ? value
                : throw new ArgumentException(
                    $"Expected lexical, onnx:DIR or openai:URL#MODEL, found '{value}'.",
                    nameof(Name)
                );
        }
    } = Lexical;

    /// <summary>Gets the prefix of each target's text, for models that expect marked queries.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>Gets the prefix of each row's text, for models that expect marked passages.</summary>
    public string PassagePrefix { get; init; } = "";

    /// <summary>
    /// Gets the environment variable that holds the key of a service; the key itself is never written anywhere.
    /// </summary>
    /// <value>The default is <c>OPENAI_API_KEY</c>.</value>
    public string KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>
    /// Gets the price of a million tokens of a service, in any currency, for the estimate; or null.
    /// </summary>
    public decimal? Price { get; init; }

    internal bool IsLexical => Name == Lexical;

    /// <summary>Gets the folder of an ONNX model, or null.</summary>
    internal string? OnnxFolder =>
        Name.StartsWith(OnnxStart, StringComparison.Ordinal) ? Name[OnnxStart.Length..] : null;

    /// <summary>Gets a value indicating whether texts are sent to a service.</summary>
    public bool IsService => TryReadService(Name, out _, out _);

    /// <summary>Gets the service that texts are sent to.</summary>
    internal (Uri Url, string Model) Service =>
        TryReadService(Name, out Uri? url, out string model)
            ? (url!, model)
            : throw new InvalidOperationException($"{Name} is no service.");

    internal string PrefixOf(TextRole role) => role == TextRole.Query ? QueryPrefix : PassagePrefix;

    private static bool TryReadService(string name, out Uri? url, out string model)
    {
        url = null;
        model = "";
        int end = name.IndexOf('#', StringComparison.Ordinal);
        if (!name.StartsWith(OpenAIStart, StringComparison.Ordinal) || end < 0 || end == name.Length - 1)
        {
            return false;
        }

        model = name[(end + 1)..];
        return Uri.TryCreate(name[OpenAIStart.Length..end], UriKind.Absolute, out url)
            && url.Scheme is ("http" or "https");
    }
}
