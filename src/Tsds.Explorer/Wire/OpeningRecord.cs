namespace Tsds.Explorer.Wire;

/// <summary>Represents how far the opening of a selection is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Share">The share of it that is done, where it is known.</param>
/// <param name="Done">Whether it is open.</param>
/// <param name="Error">Why it could not be opened.</param>
internal sealed record OpeningRecord(string Stage, double? Share, bool Done, string? Error);
