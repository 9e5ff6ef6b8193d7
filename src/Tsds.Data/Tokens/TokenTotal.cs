namespace Tsds.Data.Tokens;

/// <summary>The outcome of a budget in tokens.</summary>
/// <param name="Asked">Tokens asked for.</param>
/// <param name="Drawn">Tokens of the rows drawn, as they were counted.</param>
/// <param name="Count">Which tokens were counted.</param>
/// <param name="IsExact">True if every row contained its tokens (input_ids); otherwise some were estimated.</param>
public sealed record TokenTotal(long Asked, long Drawn, TokenCount Count, bool IsExact);
