namespace Tsds.Explorer.Wire;

/// <summary>Represents a map, and how far it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">"waiting", "working", "ready" or "failed".</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Share">The share of it that is done.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record ProjectionRecord(
    string Name,
    string State,
    string? Stage = null,
    double? Share = null,
    string? Error = null
);
