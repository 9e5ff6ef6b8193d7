using Tsds.Evaluation.Methods;

namespace Tsds.Quality;

/// <summary>A method under the name that the tables call it by.</summary>
/// <param name="Name">The name.</param>
/// <param name="Method">The method.</param>
/// <param name="Draws">Whether another seed gives other rows.</param>
/// <param name="IsBlind">Whether it does not look at the targets.</param>
/// <param name="SetsWords">Whether its language model has as many words as all others': not where rows are chosen for
/// being unlike others, which may be of a few words each.</param>
/// <param name="IsAwaited">Whether it takes part however long it takes.</param>
internal sealed record Entrant(
    string Name,
    ISelectionMethod Method,
    bool Draws,
    bool IsBlind = false,
    bool SetsWords = true,
    bool IsAwaited = false
);
