namespace Tsds.Data.Embedding;

/// <summary>The settings of the embedder that converts texts to vectors.</summary>
public sealed record EmbedderOptions
{
    /// <summary>The name with which the targets choose among the built-in embedders.</summary>
    internal const string Auto = "auto";

    /// <summary>Both built-in embedders, joined.</summary>
    internal const string Default = $"{EmbedderPart.Lexical}+{EmbedderPart.Static}";

    /// <summary>
    /// Gets the embedder: <c>lexical</c> and <c>static</c>, the built-in ones; <c>minilm</c> and <c>arctic-xs</c>, the
    /// models of the package Tsds.Models; <c>onnx:DIR</c>, a sentence-transformers export; <c>int8-</c> before one of
    /// these models, for products in 8-bit integers; <c>openai:URL#MODEL</c>, a service with the OpenAI protocol at
    /// <c>URL/embeddings</c>; several joined by <c>+</c>, each with its share before it or all alike, as in
    /// <c>30%lexical+minilm</c>; or <c>auto</c>, the built-in one by which the targets know each other best.
    /// </summary>
    /// <value>The default is <c>lexical+static</c>.</value>
    /// <exception cref="ArgumentException">The value names no embedder.</exception>
    public string Name
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Name));
            field =
                value == Auto || EmbedderPart.TryParse(value) is not null
                    ? value
                    : throw new ArgumentException(
                        $"Expected {Auto}, {EmbedderPart.Names}, or several of them joined by '+', each once and with "
                            + $"shares that add up to 100 % where they are given; found '{value}'.",
                        nameof(Name)
                    );
        }
    } = Default;

    /// <summary>Gets the prefix of each target's text, for models that expect marked queries.</summary>
    /// <exception cref="ArgumentException">The value holds a <c>|</c>, which separates both prefixes where they are
    /// recorded.</exception>
    public string QueryPrefix
    {
        get;
        init => field = CheckPrefix(value, nameof(QueryPrefix));
    } = "";

    /// <summary>Gets the prefix of each row's text, for models that expect marked passages.</summary>
    /// <exception cref="ArgumentException">The value holds a <c>|</c>, which separates both prefixes where they are
    /// recorded.</exception>
    public string PassagePrefix
    {
        get;
        init => field = CheckPrefix(value, nameof(PassagePrefix));
    } = "";

    /// <summary>
    /// Gets the environment variable that holds the key of a service; the key itself is never written anywhere.
    /// </summary>
    /// <value>The default is <c>OPENAI_API_KEY</c>.</value>
    public string KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>
    /// Gets the price of a million tokens of a service, in any currency, for the estimate; or null.
    /// </summary>
    public decimal? Price { get; init; }

    /// <summary>Gets a value indicating whether texts are sent to a service.</summary>
    public bool IsService => Parts.Any(part => part.Service is not null);

    /// <summary>Gets a value indicating whether the targets choose the embedder.</summary>
    internal bool IsAuto => Name == Auto;

    /// <summary>Gets the embedders that are joined, one at least; none if the targets choose.</summary>
    internal IReadOnlyList<EmbedderPart> Parts => IsAuto ? [] : EmbedderPart.TryParse(Name)!;

    internal string PrefixOf(TextRole role) => role == TextRole.Query ? QueryPrefix : PassagePrefix;

    /// <summary>Returns the embedder with the folder of its model looked for in another one.</summary>
    /// <param name="root">The folder from which a relative folder starts, or null for the current one.</param>
    internal EmbedderOptions In(string? root) =>
        root is not null && Parts is [.., { OnnxFolder: { } folder }]
            ? this with
            {
                Name = Name[..^folder.Length] + Path.Combine(root, folder),
            }
            : this;

    private static string CheckPrefix(string value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value.Contains('|', StringComparison.Ordinal)
            ? throw new ArgumentException($"Expected a text without '|', found '{value}'.", name)
            : value;
    }
}
