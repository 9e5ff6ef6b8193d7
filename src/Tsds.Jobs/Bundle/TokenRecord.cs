using Tsds.Data.Tokens;

namespace Tsds.Jobs.Bundle;

/// <summary>The outcome of a budget in tokens in a manifest.</summary>
/// <param name="Asked">The tokens asked for.</param>
/// <param name="Drawn">The tokens drawn.</param>
/// <param name="Count">Which tokens were counted.</param>
/// <param name="Exact">True if every row told its tokens.</param>
internal sealed record TokenRecord(long Asked, long Drawn, TokenCount Count, bool Exact)
{
    /// <summary>Returns the record of a total, or null for none.</summary>
    public static TokenRecord? Of(TokenTotal? total) =>
        total is null ? null : new TokenRecord(total.Asked, total.Drawn, total.Count, total.IsExact);
}
