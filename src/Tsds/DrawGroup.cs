namespace Tsds;

/// <summary>Candidates, of one source for instance, that must not have too much or too little of a draw.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Least">The least share of the draw, from 0 to 1.</param>
/// <param name="Most">The largest share, from <paramref name="Least"/> to 1.</param>
public sealed record DrawGroup(string Name, double Least = 0, double Most = 1);
