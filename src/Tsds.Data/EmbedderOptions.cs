namespace Tsds.Data;

/// <summary>Which embedder turns texts into vectors.</summary>
public sealed record EmbedderOptions
{
    internal const string Lexical = "lexical";
    internal const string OnnxPrefix = "onnx:";
    internal const string OpenAIPrefix = "openai:";

    /// <summary>Gets the embedder: <c>lexical</c>, the built-in one.</summary>
    /// <value>The default is <c>lexical</c>.</value>
    /// <exception cref="ArgumentException">The value names no embedder.</exception>
    public string Name
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Name));
            if (value != Lexical)
            {
                throw new ArgumentException($"Expected lexical, found '{value}'.", nameof(Name));
            }

            field = value;
        }
    } = Lexical;

    /// <summary>Gets what is put before each target's text, for models that want queries marked.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>Gets what is put before each row's text, for models that want passages marked.</summary>
    public string PassagePrefix { get; init; } = "";

    internal bool IsLexical => Name == Lexical;
}
