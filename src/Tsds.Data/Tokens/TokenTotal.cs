namespace Tsds.Data.Tokens;

/// <summary>What became of a budget in tokens.</summary>
/// <param name="Asked">Tokens asked for.</param>
/// <param name="Drawn">Tokens of the rows drawn, as they were counted.</param>
/// <param name="Count">Which tokens were counted.</param>
/// <param name="IsExact">Whether every row told its tokens (input_ids); otherwise some were estimated.</param>
public sealed record TokenTotal(long Asked, long Drawn, TokenCount Count, bool IsExact);
