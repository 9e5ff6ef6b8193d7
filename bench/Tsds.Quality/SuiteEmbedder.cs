using Tsds.Data.Embedding.Lexical;

namespace Tsds.Quality;

/// <summary>What turns the texts of a suite into vectors.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Options">How it is fitted.</param>
/// <param name="IsRandom">Whether its directions are random ones in place of singular vectors.</param>
/// <param name="Command">What <c>--embedder</c> calls it, or null where the command has no such embedder.</param>
internal sealed record SuiteEmbedder(
    string Name,
    LexicalEmbedderOptions Options,
    bool IsRandom = false,
    string? Command = null
)
{
    /// <summary>Gets what every command uses.</summary>
    public static SuiteEmbedder Default { get; } = Named("lexical+static");

    /// <summary>Gets the random projection of the same features.</summary>
    public static SuiteEmbedder Random { get; } =
        new("Random projection of the same features", LexicalEmbedderOptions.Default, IsRandom: true);

    /// <summary>An embedder as the command names it.</summary>
    public static SuiteEmbedder Named(string command) => new(command, LexicalEmbedderOptions.Default, Command: command);

    /// <summary>The lexical embedder with another number of directions.</summary>
    public static SuiteEmbedder Of(int dimension) =>
        new(
            $"Lexical embedder, {dimension:N0} directions",
            LexicalEmbedderOptions.Default with
            {
                Dimension = dimension,
            }
        );
}
