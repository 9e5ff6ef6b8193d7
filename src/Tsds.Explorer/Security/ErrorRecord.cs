namespace Tsds.Explorer.Security;

/// <summary>Represents an error as the page reads it.</summary>
/// <param name="Error">A sentence.</param>
/// <param name="Stage">What is being done, while the selection is being opened.</param>
/// <param name="Share">The share of it that is done.</param>
internal sealed record ErrorRecord(string Error, string? Stage = null, double? Share = null);
