namespace Tsds.Jobs.Inputs;

/// <summary>The number of candidates that an option such as <c>--exclude</c> left out.</summary>
/// <param name="Option"><c>exclude</c> or <c>keep</c>.</param>
/// <param name="Given">The rows that were given.</param>
/// <param name="SameText">Candidates left out because they have the text of one of them.</param>
/// <param name="Near">Candidates left out because they are near one of them, and have another text.</param>
public sealed record ExclusionCount(string Option, long Given, long SameText, long Near);
