namespace Tsds;

/// <summary>A group of candidates, such as those of one source, whose share of a draw is bounded.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Least">The least share of the draw, from 0 to 1.</param>
/// <param name="Most">The largest share, from <paramref name="Least"/> to 1.</param>
public sealed record DrawGroup(string Name, double Least = 0, double Most = 1);
